import type { INestApplication } from '@nestjs/common';
import {
  Body,
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
import connectPgSimple from 'connect-pg-simple';
import { RedisStore } from 'connect-redis';
import session, { type SessionData } from 'express-session';
import { createClient } from 'redis';
import type { AppSpec, Credentials } from '../contract/app-spec.js';
import { type BenchApp, SECRET } from '../contract/bench-app.js';
import { cookiesOf } from './cookies-of.js';

type WithSession = { session: SessionData };

class SessionGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (context.switchToHttp().getRequest<WithSession>().session.userId === undefined)
      throw new UnauthorizedException();
    return true;
  }
}

@Controller()
class SessionController {
  @Post('login')
  @HttpCode(204)
  login(@Request() request: WithSession, @Body() { userId }: { userId: string }): void {
    request.session.userId = userId;
  }

  @UseGuards(SessionGuard)
  @Get('profile')
  profile(@Request() request: WithSession): { userId: string | undefined } {
    return { userId: request.session.userId };
  }

  @UseGuards(SessionGuard)
  @Post('logout')
  @HttpCode(204)
  logout(@Request() request: WithSession): Promise<void> {
    return new Promise((done, fail) => request.session.destroy((error) => (error ? fail(error) : done())));
  }
}

@Module({ controllers: [SessionController] })
class SessionModule {}

/**
 * express-session with a store from its documentation, with the fastest settings: a session that did not change is not
 * written (`disableTouch`), and no empty session is stored.
 */
export function createApp(spec: AppSpec): BenchApp {
  return {
    module: SessionModule,
    configure: async (app) => {
      app.use(session({ store: await storeOf(spec), secret: SECRET, resave: false, saveUninitialized: false }));
    },
    signIn,
  };
}

async function storeOf({ database, servers }: AppSpec): Promise<unknown> {
  if (database && 'url' in database) {
    const PgStore = connectPgSimple(session);
    return new PgStore({ conString: String(database.url), createTableIfMissing: true, disableTouch: true });
  }
  const client = createClient({ url: servers.redis ?? '' });
  await client.connect();
  return new RedisStore({ client, disableTouch: true });
}

async function signIn(app: INestApplication, userId: string): Promise<Credentials> {
  const answer = await fetch(`${await app.getUrl()}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId }),
  });
  return { cookie: cookiesOf(answer.headers) };
}
