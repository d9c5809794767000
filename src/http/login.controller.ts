import { Body, Controller, Header, HttpCode, Post, Req, Res, UseFilters } from '@nestjs/common';
import { AuthService } from '../auth/auth.service.js';
import type { AuthRequest } from '../auth/request-info.js';
import type { TokenResponse } from '../wire.js';
import { AuthExceptionFilter } from './auth-exception.filter.js';
import { LoginDto } from './dto/login.dto.js';
import { Public } from './public.decorator.js';
import { SessionTransport } from './transport/session-transport.js';
import { lenientPipe } from './validation.js';

/** `POST /auth/login`: sign-in by name and password. */
@Public()
@Controller('auth')
@UseFilters(AuthExceptionFilter)
export class LoginController {
  constructor(
    private readonly auth: AuthService,
    private readonly transport: SessionTransport,
  ) {}

  @Post('login')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async login(
    @Body(lenientPipe) credentials: LoginDto,
    @Req() request: AuthRequest,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<TokenResponse> {
    this.transport.admit(request);
    const pair = await this.auth.loginWithPassword(credentials, request);
    return this.transport.deliver(pair, request, response);
  }
}
