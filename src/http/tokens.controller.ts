import { Body, Controller, Header, HttpCode, Post, Req, Res, UseFilters } from '@nestjs/common';
import { AuthService } from '../auth/auth.service.js';
import type { AuthRequest } from '../auth/request-info.js';
import type { TokenResponse } from '../wire.js';
import { AuthExceptionFilter } from './auth-exception.filter.js';
import { RefreshTokenDto } from './dto/refresh.dto.js';
import { Public } from './public.decorator.js';
import { SessionTransport } from './transport/session-transport.js';
import { lenientPipe } from './validation.js';

/** `POST /auth/refresh` and `POST /auth/logout`: renewal and sign-out with a client's tokens. */
@Public()
@Controller('auth')
@UseFilters(AuthExceptionFilter)
export class TokensController {
  constructor(
    private readonly auth: AuthService,
    private readonly transport: SessionTransport,
  ) {}

  @Post('refresh')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async refresh(
    @Body(lenientPipe) { refresh_token }: RefreshTokenDto,
    @Req() request: AuthRequest,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<TokenResponse> {
    const { token, way } = this.transport.requireRefreshToken(request, refresh_token);
    const pair = await this.auth.refresh(token, request);
    return this.transport.deliver(pair, request, response, way);
  }

  @Post('logout')
  @HttpCode(204)
  @Header('Cache-Control', 'no-store')
  async logout(
    @Body(lenientPipe) { refresh_token }: RefreshTokenDto,
    @Req() request: AuthRequest,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<void> {
    await this.auth.logout(this.transport.signOutTokens(request, refresh_token));
    this.transport.clear(response);
  }
}
