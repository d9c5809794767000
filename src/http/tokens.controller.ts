import { Post, Req, Res } from '@nestjs/common';
import { AuthService } from '../auth/auth.service.js';
import type { TokenResponse } from '../wire.js';
import { Answer } from './answers/answer.decorator.js';
import { OpenToAll, OwnController } from './answers/own-controller.decorator.js';
import { RefreshTokenDto } from './dto/refresh.dto.js';
import { type BodyRequest, bodyOf } from './request-body.js';
import { SessionTransport } from './transport/session-transport.js';
import { validated } from './validation.js';

/** `POST /auth/refresh` and `POST /auth/logout`: renewal and sign-out with a client's tokens. */
@OwnController('auth')
@OpenToAll()
export class TokensController {
  constructor(
    private readonly auth: AuthService,
    private readonly transport: SessionTransport,
  ) {}

  @Post('refresh')
  @Answer(200)
  async refresh(@Req() request: BodyRequest, @Res({ passthrough: true }) response: unknown): Promise<TokenResponse> {
    const { refresh_token } = await validated(RefreshTokenDto, await bodyOf(request));
    const { token, way } = this.transport.requireRefreshToken(request, refresh_token);
    const pair = await this.auth.refresh(token, request);
    return this.transport.deliver(pair, request, response, way);
  }

  @Post('logout')
  @Answer(204)
  async logout(@Req() request: BodyRequest, @Res({ passthrough: true }) response: unknown): Promise<void> {
    const { refresh_token } = await validated(RefreshTokenDto, await bodyOf(request));
    await this.auth.logout(this.transport.signOutTokens(request, refresh_token));
    this.transport.clear(response);
  }
}
