import { Post, Req, Res } from '@nestjs/common';
import { AuthService } from '../auth/auth.service.js';
import type { TokenResponse } from '../wire.js';
import { Answer } from './answers/answer.decorator.js';
import { OpenToAll, OwnController } from './answers/own-controller.decorator.js';
import { LoginDto } from './dto/login.dto.js';
import { type BodyRequest, bodyOf } from './request-body.js';
import { SessionTransport } from './transport/session-transport.js';
import { validated } from './validation.js';

/** `POST /auth/login`: sign-in by name and password. */
@OwnController('auth')
@OpenToAll()
export class LoginController {
  constructor(
    private readonly auth: AuthService,
    private readonly transport: SessionTransport,
  ) {}

  @Post('login')
  @Answer(200)
  async login(@Req() request: BodyRequest, @Res({ passthrough: true }) response: unknown): Promise<TokenResponse> {
    const credentials = await validated(LoginDto, await bodyOf(request));
    this.transport.admit(request);
    const pair = await this.auth.loginWithPassword(credentials, request);
    return this.transport.deliver(pair, request, response);
  }
}
