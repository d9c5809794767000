import { Controller, Get, type INestApplication, Module } from '@nestjs/common';
import { JwtModule, JwtService } from '@nestjs/jwt';
import { ACCESS_TTL, type BenchApp, SECRET } from './bench-app.js';

@Controller('profile')
class ProfileController {
  @Get()
  profile(): { userId: string } {
    return { userId: '00000000-1' };
  }
}

@Module({
  imports: [JwtModule.register({ secret: SECRET, signOptions: { expiresIn: ACCESS_TTL } })],
  controllers: [ProfileController],
})
class NoGuardModule {}

/** The route without any guard. Its requests carry a token all the same, so that they are as long as the others. */
export function createApp(): BenchApp {
  return {
    module: NoGuardModule,
    signIn: async (app: INestApplication, userId) => ({
      authorization: `Bearer ${await app.get(JwtService).signAsync({ sub: userId, username: userId })}`,
    }),
  };
}
