import { Controller, Get, UseGuards } from '@nestjs/common';
import { type ActiveSession, CurrentSession, JwtSessionGuard, Public } from 'nestjs-session-registry';

/** One route that needs a live session, and one that does not. */
@Controller()
@UseGuards(JwtSessionGuard)
export class ProfileController {
  @Get('profile')
  profile(@CurrentSession() { userId, guid }: ActiveSession): { userId: string; guid: string } {
    return { userId, guid };
  }

  @Public()
  @Get('open')
  open(): { open: boolean } {
    return { open: true };
  }
}
