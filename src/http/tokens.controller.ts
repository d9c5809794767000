import { Body, Controller, Header, HttpCode, Post, Req, UseFilters } from '@nestjs/common';
import { AuthService } from '../auth/auth.service.js';
import { type AuthRequest, bearerTokenOf } from '../auth/request-info.js';
import type { TokenPair } from '../wire.js';
import { AuthExceptionFilter } from './auth-exception.filter.js';
import { LogoutDto, RefreshDto } from './dto/refresh.dto.js';
import { Public } from './public.decorator.js';
import { lenientPipe } from './validation.js';

/** `POST /auth/refresh` and `POST /auth/logout`: what a client does with its tokens. */
@Public()
@Controller('auth')
@UseFilters(AuthExceptionFilter)
export class TokensController {
  constructor(private readonly auth: AuthService) {}

  @Post('refresh')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  refresh(@Body(lenientPipe) { refresh_token }: RefreshDto, @Req() request: AuthRequest): Promise<TokenPair> {
    return this.auth.refresh(refresh_token, request);
  }

  @Post('logout')
  @HttpCode(204)
  @Header('Cache-Control', 'no-store')
  logout(@Body(lenientPipe) { refresh_token }: LogoutDto, @Req() request: AuthRequest): Promise<void> {
    return this.auth.logout({ accessToken: bearerTokenOf(request), refreshToken: refresh_token ?? undefined });
  }
}
