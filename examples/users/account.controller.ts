import { Body, Controller, ForbiddenException, Get, HttpCode, Patch, UseGuards, ValidationPipe } from '@nestjs/common';
import { type ActiveSession, CurrentSession, JwtSessionGuard, SessionRegistry } from 'nestjs-session-registry';
import { ChangePasswordDto } from './change-password.dto.js';
import { UsersService } from './users.service.js';

/** The account of whoever is signed in. */
@Controller('account')
@UseGuards(JwtSessionGuard)
export class AccountController {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionRegistry,
  ) {}

  @Get()
  account(@CurrentSession() { userId, claims }: ActiveSession): { id: string; username: unknown } {
    return { id: userId, username: claims.username };
  }

  /** Whoever knew the old password is signed out with it, on every device but this one. */
  @Patch('password')
  @HttpCode(200)
  async changePassword(
    @CurrentSession() { userId, guid }: ActiveSession,
    @Body(new ValidationPipe()) { password, newPassword }: ChangePasswordDto,
  ): Promise<{ revoked: number }> {
    if (!(await this.users.changePassword(userId, password, newPassword))) {
      throw new ForbiddenException('This is not your current password');
    }
    return { revoked: await this.sessions.credentialsChanged(userId, { keep: guid }) };
  }
}
