import { createSecretKey } from 'node:crypto';
import { type INestApplication, Inject, Injectable, Module } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { AppSpec } from '../contract/app-spec.js';
import { type BenchApp, SECRET } from '../contract/bench-app.js';
import { JWT_PROFILE } from './jwt-profile.js';

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

@Module(JWT_PROFILE)
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
