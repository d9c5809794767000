import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  HttpException,
  UseGuards,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { type ActiveSession, CurrentSession, type RefusalReason } from 'nestjs-session-registry';
import { JwtSessionStrategy } from 'nestjs-session-registry/passport';
import passport from 'passport';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import type { Answer } from '../support/client.js';
import { HOUR, MINUTE, SECOND } from '../support/times.js';
import { rowOf, verdictOf } from '../support/inspect.js';
import { breakStore, execute } from '../support/sqlite-file.js';

@Controller('passport')
@UseGuards(AuthGuard('jwt-session'))
class PassportController {
  @Get('profile')
  profile(@CurrentSession() session: ActiveSession): ActiveSession {
    return session;
  }
}

/** What an app adds to use the strategy. */
const behind = { controllers: [PassportController], providers: [JwtSessionStrategy] };
let app: TestApp;

const ask = (path: string, authorization?: string) =>
  app.client.call('GET', path, authorization === undefined ? {} : { headers: { authorization } });

/** What a client can tell two answers apart by. */
function everythingSeen({ status, headers, text }: Answer): object {
  return { status, text, headers: Object.fromEntries([...headers].filter(([name]) => name !== 'date')) };
}

/** Brings about a case and resolves to the Authorization header to send. */
type Case = [name: string, prepare: () => Promise<string | undefined>, status: number, challenge: string | null];

const NONE = 'Bearer';
const BAD = 'Bearer error="invalid_token"';

const CASES: Case[] = [
  ['a valid token', async () => bearer((await app.client.signIn()).access_token), 200, null],
  ['no header', async () => undefined, 401, NONE],
  ['Basic credentials', async () => 'Basic YWRhOmFkYS1wYXNzd29yZA==', 401, NONE],
  ['the scheme and no token', async () => 'Bearer ', 401, NONE],
  ['garbage', async () => 'Bearer garbage', 401, BAD],
  ['a token of 5000 characters', async () => bearer('x'.repeat(5000)), 401, BAD],
  ['two tokens', async () => bearer(`${(await app.client.signIn()).access_token}, Bearer x`), 401, BAD],
  ['a refresh token', async () => bearer((await app.client.signIn()).refresh_token), 401, BAD],
  [
    'an expired token',
    async () => {
      const { access_token } = await app.client.signIn();
      app.clock.advance(5 * MINUTE);
      return bearer(access_token);
    },
    401,
    BAD,
  ],
  [
    'a token from the future',
    async () => {
      const { access_token } = await app.client.signIn();
      app.clock.advance(-HOUR);
      return bearer(access_token);
    },
    401,
    BAD,
  ],
  [
    'a token of a session that was revoked',
    async () => {
      const { access_token, session } = await app.client.signIn();
      await app.registry.revoke('id-of-ada', session.guid);
      return bearer(access_token);
    },
    401,
    BAD,
  ],
  [
    'a token of a session that was purged',
    async () => {
      const { access_token, session } = await app.client.signIn();
      execute(app.file, 'DELETE FROM sessions WHERE guid = ?', session.guid);
      return bearer(access_token);
    },
    401,
    BAD,
  ],
  [
    'an honoured predecessor',
    async () => {
      const { access_token, refresh_token } = await app.client.signIn();
      await app.client.refresh(refresh_token);
      return bearer(access_token);
    },
    200,
    null,
  ],
  [
    'a superseded token',
    async () => {
      const { access_token, refresh_token } = await app.client.signIn();
      const { body } = await app.client.refresh(refresh_token);
      await app.client.profile(body.access_token);
      app.clock.advance(10 * SECOND);
      return bearer(access_token);
    },
    401,
    BAD,
  ],
  [
    'a token of a user who is no longer active',
    async () => {
      const { access_token } = await app.client.signIn();
      app.users.inactive.add('id-of-ada');
      return bearer(access_token);
    },
    401,
    BAD,
  ],
  [
    'a store that fails',
    async () => {
      const { access_token } = await app.client.signIn();
      breakStore(app.file);
      return bearer(access_token);
    },
    503,
    null,
  ],
];

function bearer(token: string): string {
  return `Bearer ${token}`;
}

describe.each(ADAPTERS)("AuthGuard('jwt-session') on %s", (adapter) => {
  beforeEach(async () => {
    app = await startApp({ adapter, options: { checkUser: 'request' }, ...behind });
  });
  afterEach(() => app.close());

  it.each(CASES)('answers %s as JwtSessionGuard does', async (_, prepare, status, challenge) => {
    const authorization = await prepare();
    const passport = await ask('/passport/profile', authorization);
    expect({ status: passport.status, challenge: passport.headers.get('www-authenticate') }).toEqual({
      status,
      challenge,
    });
    expect(everythingSeen(passport)).toEqual(everythingSeen(await ask('/profile', authorization)));
  });

  it('hands the same session to the route', async () => {
    const { access_token, session } = await app.client.signIn();
    const { body } = await ask('/passport/profile', bearer(access_token));
    expect(body).toEqual({ userId: 'id-of-ada', guid: session.guid, claims: {} });
  });

  it('refuses for the reason that authenticate gives', async () => {
    const { access_token, session } = await app.client.signIn();
    await app.registry.revoke('id-of-ada', session.guid);
    const strategy = app.nest.get(JwtSessionStrategy);
    const reasons: [string | undefined, RefusalReason][] = [
      [bearer(access_token), 'session_ended'],
      [bearer('garbage'), 'malformed_token'],
      ['Basic YWRhOmFkYQ==', 'no_credentials'],
      [undefined, 'no_credentials'],
    ];
    for (const [authorization, reason] of reasons)
      expect(await verdictOf(strategy.validate({ headers: { authorization } }))).toBe(reason);
  });

  it('notes that the session was active, as JwtSessionGuard does', async () => {
    const { access_token, session } = await app.client.signIn();
    app.clock.advance(2 * MINUTE);
    await ask('/passport/profile', bearer(access_token));
    expect(await app.registry.flushTouches()).toBe(1);
    expect(rowOf(app, session.guid).lastActiveAt).toBe(app.clock.now());
  });

  it('keeps the verdicts of many requests at once apart', async () => {
    const [ada, bob] = [await app.client.signIn('ada'), await app.client.signIn('bob')];
    const headers = [bearer(ada.access_token), bearer(bob.access_token), bearer('garbage'), undefined];
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => ask('/passport/profile', headers[index % headers.length])),
    );
    const users = answers.map(({ status, body }) => (status === 200 ? (body as ActiveSession).userId : status));
    expect(users).toEqual(Array.from({ length: 10 }, () => ['id-of-ada', 'id-of-bob', 401, 401]).flat());
  });
});

describe.each(ADAPTERS)("AuthGuard('jwt-session') under a catch-all filter of the app, on %s", (adapter) => {
  @Catch()
  class CatchAll implements ExceptionFilter {
    constructor(private readonly adapterHost: HttpAdapterHost) {}

    catch(exception: unknown, host: ArgumentsHost): void {
      const status = exception instanceof HttpException ? exception.getStatus() : 500;
      this.adapterHost.httpAdapter.reply(host.switchToHttp().getResponse(), { caught: status }, status);
    }
  }

  beforeEach(async () => {
    app = await startApp({
      adapter,
      ...behind,
      prepare: (nest) => nest.useGlobalFilters(new CatchAll(nest.get(HttpAdapterHost))),
    });
  });
  afterEach(() => app.close());

  it('still answers 401 and 503, not 500', async () => {
    const { access_token } = await app.client.signIn();
    expect((await ask('/passport/profile')).status).toBe(401);
    expect((await ask('/passport/profile', 'Bearer garbage')).status).toBe(401);
    breakStore(app.file);
    expect((await ask('/passport/profile', bearer(access_token))).status).toBe(503);
  });
});

describe('an app without the strategy', () => {
  it('answers 500 behind AuthGuard, and lets nobody in', async () => {
    passport.unuse('jwt-session');
    app = await startApp({ controllers: [PassportController] });
    try {
      const { access_token } = await app.client.signIn();
      expect((await ask('/passport/profile', bearer(access_token))).status).toBe(500);
    } finally {
      await app.close();
    }
  });
});
