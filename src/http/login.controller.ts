import { Body, Controller, Header, HttpCode, Post, Req, UseFilters } from '@nestjs/common';
import { AuthService } from '../auth/auth.service.js';
import type { AuthRequest } from '../auth/request-info.js';
import type { TokenPair } from '../wire.js';
import { AuthExceptionFilter } from './auth-exception.filter.js';
import { LoginDto } from './dto/login.dto.js';
import { Public } from './public.decorator.js';
import { lenientPipe } from './validation.js';

/** `POST /auth/login`: sign-in by name and password. */
@Public()
@Controller('auth')
@UseFilters(AuthExceptionFilter)
export class LoginController {
  constructor(private readonly auth: AuthService) {}

  @Post('login')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  login(@Body(lenientPipe) credentials: LoginDto, @Req() request: AuthRequest): Promise<TokenPair> {
    return this.auth.loginWithPassword(credentials, request);
  }
}
