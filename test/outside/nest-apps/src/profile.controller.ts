import { Controller, Get, UseGuards } from '@nestjs/common';
import { type ActiveSession, CurrentSession, JwtSessionGuard, SessionRegistry } from 'nestjs-session-registry';

/** Routes behind the guard. */
@Controller()
@UseGuards(JwtSessionGuard)
export class ProfileController {
  constructor(private readonly registry: SessionRegistry) {}

  @Get('profile')
  profile(@CurrentSession() session: ActiveSession) {
    return session;
  }

  @Get('devices')
  async devices(@CurrentSession() { userId }: ActiveSession) {
    return (await this.registry.list(userId)).length;
  }
}
