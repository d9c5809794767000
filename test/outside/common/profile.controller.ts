import { Controller, Get, UseGuards } from '@nestjs/common';
import { type ActiveSession, CurrentSession, JwtSessionGuard } from 'nestjs-session-registry';

/** A route behind the guard. */
@Controller()
@UseGuards(JwtSessionGuard)
export class ProfileController {
  @Get('profile')
  profile(@CurrentSession() session: ActiveSession): ActiveSession {
    return session;
  }
}
