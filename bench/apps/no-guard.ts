import { type CanActivate, Controller, Get, type INestApplication, Module, Request } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule, JwtService } from '@nestjs/jwt';
import type { AppSpec } from '../contract/app-spec.js';
import { ACCESS_TTL, type BenchApp, SECRET } from '../contract/bench-app.js';

@Controller('profile')
class ProfileController {
  /** With the parameter the others have: Nest takes steps of its own for one. */
  @Get()
  profile(@Request() request: { user?: { userId: string } }): { userId: string } {
    return { userId: request.user?.userId ?? '00000000-1' };
  }
}

/** What is left of a guard that asks for nothing: Nest's own steps around it, and a promise. */
class EmptyGuard implements CanActivate {
  async canActivate(): Promise<boolean> {
    return true;
  }
}

@Module({
  imports: [JwtModule.register({ secret: SECRET, signOptions: { expiresIn: ACCESS_TTL } })],
  controllers: [ProfileController],
})
class NoGuardModule {}

/**
 * The route without any guard, or with an empty one. Its requests carry a token all the same, so that they are as long
 * as the others.
 */
export function createApp({ options }: AppSpec): BenchApp {
  const { guard = false } = options as { guard?: boolean };
  const providers = guard ? [{ provide: APP_GUARD, useClass: EmptyGuard }] : [];
  return {
    module: { module: NoGuardModule, providers },
    signIn: async (app: INestApplication, userId) => ({
      authorization: `Bearer ${await app.get(JwtService).signAsync({ sub: userId, username: userId })}`,
    }),
  };
}
