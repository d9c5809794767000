import { Body, Controller, Get, HttpCode, Patch, UseGuards } from '@nestjs/common';
import { type ActiveSession, CurrentSession, JwtSessionGuard } from 'nestjs-session-registry';
import { ChangePasswordDto } from './change-password.dto.js';
import { formPipe } from './form.pipe.js';
import { PasswordChange } from './password-change.js';

/** The account of whoever is signed in. */
@Controller('account')
@UseGuards(JwtSessionGuard)
export class AccountController {
  constructor(private readonly change: PasswordChange) {}

  @Get()
  account(@CurrentSession() { userId, claims }: ActiveSession): { id: string; username: unknown } {
    return { id: userId, username: claims.username };
  }

  /** Whoever knew the old password is signed out with it, on every device but this one. May be asked again. */
  @Patch('password')
  @HttpCode(200)
  async changePassword(
    @CurrentSession() session: ActiveSession,
    @Body(formPipe) passwords: ChangePasswordDto,
  ): Promise<{ revoked: number }> {
    return { revoked: await this.change.make(session, passwords) };
  }
}
