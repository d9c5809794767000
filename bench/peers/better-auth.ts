import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  HttpCode,
  Module,
  Post,
  Request,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { fromNodeHeaders } from 'better-auth/node';
import { Pool } from 'pg';
import { createClient } from 'redis';
import type { AppSpec } from '../contract/app-spec.js';
import { type BenchApp, SECRET } from '../contract/bench-app.js';
import { cookiesOf } from './cookies-of.js';

type Auth = ReturnType<typeof betterAuth>;
type AuthRequest = { headers: object; user?: { id: string } };

const ACCESS_SECONDS = 300;
/** Set once the app is made; a guard of this library has no constructor to ask for it. */
let auth: Auth;

class BetterAuthGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AuthRequest>();
    const found = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) });
    if (!found) throw new UnauthorizedException();
    request.user = found.user;
    return true;
  }
}

@Controller()
class ProfileController {
  @UseGuards(BetterAuthGuard)
  @Get('profile')
  profile(@Request() request: AuthRequest): { userId: string | undefined } {
    return { userId: request.user?.id };
  }

  @UseGuards(BetterAuthGuard)
  @Post('logout')
  @HttpCode(204)
  async logout(@Request() request: AuthRequest): Promise<void> {
    await auth.api.signOut({ headers: fromNodeHeaders(request.headers) });
  }
}

@Module({ controllers: [ProfileController] })
class BetterAuthModule {}

/** better-auth as its documentation sets it up: on PostgreSQL, with Redis as secondary storage, or with a cookie cache. */
export function createApp(spec: AppSpec): BenchApp {
  return {
    module: BetterAuthModule,
    configure: async () => {
      auth = await authOf(spec);
      await (await getMigrations(auth.options)).runMigrations();
    },
    signIn: async (_app, userId) => {
      const body = { name: userId, email: `${userId}@example.org`, password: 'a password' };
      const { headers } = await auth.api.signUpEmail({ body, returnHeaders: true });
      return { cookie: cookiesOf(headers) };
    },
  };
}

async function authOf({ database, options, servers }: AppSpec): Promise<Auth> {
  const { uses } = options as { uses?: 'redis' | 'cookieCache' };
  const url = database && 'url' in database ? String(database.url) : '';
  return betterAuth({
    ...{ secret: SECRET, baseURL: 'http://127.0.0.1', database: new Pool({ connectionString: url }) },
    // The cost of hashing a password is not measured here.
    emailAndPassword: { enabled: true, password: { hash: async (text: string) => text, verify: async () => true } },
    session: { cookieCache: { enabled: uses === 'cookieCache', maxAge: ACCESS_SECONDS } },
    ...(uses === 'redis' && { secondaryStorage: await secondaryStorage(servers.redis ?? '') }),
  });
}

async function secondaryStorage(url: string): Promise<object> {
  const redis = createClient({ url });
  await redis.connect();
  return {
    get: (key: string) => redis.get(key),
    set: async (key: string, value: string, ttl?: number) => {
      await redis.set(key, value, ttl ? { expiration: { type: 'EX', value: ttl } } : {});
    },
    delete: async (key: string) => {
      await redis.del(key);
    },
  };
}
