import { createSecretKey } from 'node:crypto';
import { Controller, Get, type INestApplication, Inject, Injectable, Module, Request, UseGuards } from '@nestjs/common';
import { JwtModule, JwtService } from '@nestjs/jwt';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { AppSpec } from './app-spec.js';
import { ACCESS_TTL, type BenchApp, SECRET } from './bench-app.js';

const KEY = Symbol('the key of the strategy');

@Injectable()
class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(@Inject(KEY) secretOrKey: string) {
    super({ jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(), ignoreExpiration: false, secretOrKey });
  }

  async validate(payload: { sub: string; username: string }): Promise<{ userId: string; username: string }> {
    return { userId: payload.sub, username: payload.username };
  }
}

@Controller('profile')
class ProfileController {
  @UseGuards(AuthGuard('jwt'))
  @Get()
  profile(@Request() request: { user: { userId: string } }): { userId: string } {
    return { userId: request.user.userId };
  }
}

@Module({
  imports: [PassportModule, JwtModule.register({ secret: SECRET, signOptions: { expiresIn: ACCESS_TTL } })],
  controllers: [ProfileController],
})
class StatelessModule {}

/** The guard everybody uses, as the Nest documentation sets it up; the key as a string, as there, or as a KeyObject. */
export function createApp({ options }: AppSpec): BenchApp {
  // The types of passport-jwt know no KeyObject; jsonwebtoken, which is handed it, does.
  const key = (options as { key: string }).key === 'string' ? SECRET : createSecretKey(Buffer.from(SECRET));
  return {
    module: { module: StatelessModule, providers: [{ provide: KEY, useValue: key }, JwtStrategy] },
    signIn: async (app: INestApplication, userId) => ({
      authorization: `Bearer ${await app.get(JwtService).signAsync({ sub: userId, username: userId })}`,
    }),
  };
}
