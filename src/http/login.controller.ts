import { Post, Req, Res } from '@nestjs/common';
import { AuthService } from '../auth/auth.service.js';
import type { TokenResponse } from '../wire.js';
import { Answer } from './answers/answer.decorator.js';
import { OpenToAll, OwnController } from './answers/own-controller.decorator.js';
import { LoginForm } from './login-form.js';
import { type BodyRequest, bodyOf } from './request-body.js';
import { SessionTransport } from './transport/session-transport.js';

/** `POST /auth/login`: sign-in by name and password, or by a body in the form of the app. */
@OwnController('auth')
@OpenToAll()
export class LoginController {
  constructor(
    private readonly auth: AuthService,
    private readonly transport: SessionTransport,
    private readonly form: LoginForm,
  ) {}

  @Post('login')
  @Answer(200)
  async login(@Req() request: BodyRequest, @Res({ passthrough: true }) response: unknown): Promise<TokenResponse> {
    const { body, deviceName } = await this.form.read(await bodyOf(request));
    this.transport.admit(request);
    const pair = await this.auth.loginWithBody(body, request, { deviceName });
    return this.transport.deliver(pair, request, response);
  }
}
