import { Controller, Get, type INestApplication, Module, UseGuards } from '@nestjs/common';
import {
  type ActiveSession,
  AuthModule,
  type AuthModuleOptions,
  AuthService,
  CurrentSession,
  JwtSessionGuard,
} from 'nestjs-session-registry';
import { revocationOver } from '../../test/support/process/process-redis.js';
import type { AppSpec, Credentials } from '../contract/app-spec.js';
import { ACCESS_TTL, type BenchApp, SECRET, USER_AGENT } from '../contract/bench-app.js';
import { ageSessions } from './age-sessions.js';

/** In its turns an app stands still for two fifths of a second, which is no fault of Redis. */
const PATIENCE = '5s';
const REQUEST = { ip: '127.0.0.1', headers: { 'user-agent': USER_AGENT } };

@Controller('profile')
@UseGuards(JwtSessionGuard)
class ProfileController {
  @Get()
  profile(@CurrentSession() session: ActiveSession): { userId: string } {
    return { userId: session.userId };
  }
}

@Module({ controllers: [ProfileController] })
class RegistryModule {}

/** An app with this library and everything on: touch, rotation rules, idle and absolute limits. */
export function createApp({ database, options, redis: uses = [], servers: { redis: url = '' } }: AppSpec): BenchApp {
  const given = { secret: SECRET, accessTtl: ACCESS_TTL, idleTimeout: '7d', database, ...options } as AuthModuleOptions;
  const revocation = {
    ...given.revocation,
    ...(uses.length > 0 && revocationOver({ at: { url, timeout: PATIENCE }, uses })),
  };
  const auth = { ...given, revocation };
  let service: AuthService | undefined;
  return {
    module: { module: RegistryModule, imports: [AuthModule.forRoot(auth)] },
    signIn: async (app: INestApplication, userId) => {
      // Asked for once: Nest takes longer to find it than a sign-in takes of the processor.
      const found: AuthService = service ?? app.get(AuthService);
      service = found;
      return credentialsOf((await found.login(userId, REQUEST)).access_token, auth);
    },
    age: async () => {
      if (database) await ageSessions(database);
    },
  };
}

function credentialsOf(token: string, { transport }: AuthModuleOptions): Credentials {
  return transport === 'cookie' ? { cookie: `__Host-access_token=${token}` } : { authorization: `Bearer ${token}` };
}
