import { afterEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, ForbiddenException, HttpCode, Injectable, Post, Req } from '@nestjs/common';
import {
  type AuthRequest,
  AuthService,
  type AuthUser,
  type AuthUsers,
  type RefusalReason,
  type TokenPair,
} from 'nestjs-session-registry';
import { ADAPTERS, startApp, type TestApp, type TestAppOptions } from '../support/app.js';
import { claimsOf, headerOf } from '../support/client.js';
import { MINUTE } from '../support/fake-clock.js';
import { eventsNamed, rowOf, verdictOf } from '../support/inspect.js';
import { sessionRows } from '../support/sqlite-file.js';
import type { TestUser } from '../support/users.js';

const ADA = 'id-of-ada';
const CREDENTIALS = { username: 'ada', password: 'ada-password' };

let app: TestApp;

async function start(given: TestAppOptions = {}): Promise<void> {
  app = await startApp(given);
}

afterEach(() => app.close());

/** A users class that is asked nothing but what the test tells it. */
function usersClass(users: Partial<AuthUsers>): new () => AuthUsers {
  @Injectable()
  class Users implements AuthUsers {
    validateCredentials = users.validateCredentials ?? (() => ({ id: ADA }));
    isActive = users.isActive ?? (() => true);
    findById = users.findById;
  }
  return Users as new () => AuthUsers;
}

const fails = (error: unknown) => () => {
  throw error;
};

describe.each(ADAPTERS)('a user who is no longer active, on %s', (adapter) => {
  it('is refused at sign-in, as if the password were wrong', async () => {
    await start({ adapter });
    const wrong = await app.client.call('POST', '/auth/login', { body: { ...CREDENTIALS, password: 'wrong' } });
    app.users.inactive.add(ADA);
    const answer = await app.client.login('ada');
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 401, text: wrong.text });
    expect(answer.body).toMatchObject({ code: 'invalid_credentials' });
    expect(await verdictOf(app.auth.loginWithPassword(CREDENTIALS))).toBe('user_inactive');
    expect(sessionRows(app.file)).toEqual([]);
  });

  it('is refused at the next renewal, which ends the session as user_disabled', async () => {
    await start({ adapter });
    const { refresh_token, session } = await app.client.signIn();
    app.users.inactive.add(ADA);
    const answer = await app.client.refresh<object>(refresh_token);
    expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_grant' } });
    expect(rowOf(app, session.guid)).toMatchObject({ endReason: 'user_disabled', endedAt: app.clock.now() });
    expect(eventsNamed(app, 'revoked')).toMatchObject([{ guid: session.guid, reason: 'user_disabled' }]);
    expect(eventsNamed(app, 'renewed')).toEqual([]);
    expect(await verdictOf(app.auth.refresh(refresh_token))).toBe('user_inactive');
    app.users.inactive.clear();
    expect(await verdictOf(app.auth.refresh(refresh_token))).toBe('session_ended');
  });

  it('keeps the sessions on other devices until each of them renews', async () => {
    await start({ adapter });
    const [first, second] = [await app.client.signIn(), await app.client.signIn()];
    app.users.inactive.add(ADA);
    await app.client.refresh(first.refresh_token);
    expect(rowOf(app, second.session.guid).endedAt).toBeNull();
    await app.client.refresh(second.refresh_token);
    expect(rowOf(app, second.session.guid).endReason).toBe('user_disabled');
  });

  it('passes until the renewal by default, and nobody is asked on a request', async () => {
    await start({ adapter });
    const { access_token } = await app.client.signIn();
    app.users.inactive.add(ADA);
    app.users.activeQuestions = 0;
    expect((await app.client.profile(access_token)).status).toBe(200);
    expect(app.users.activeQuestions).toBe(0);
  });

  it("is refused at the next request with checkUser: 'request', and let in again with the same session", async () => {
    await start({ adapter, options: { checkUser: 'request' } });
    const { access_token, session } = await app.client.signIn();
    expect((await app.client.profile(access_token)).status).toBe(200);
    app.users.inactive.add(ADA);
    expect(await app.client.profile(access_token)).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
    expect(await verdictOf(app.auth.authenticate(access_token))).toBe('user_inactive');
    expect(rowOf(app, session.guid).endedAt).toBeNull();
    app.users.inactive.clear();
    expect((await app.client.profile(access_token)).status).toBe(200);
  });

  it('is out at once with disableUser, on every device, and nobody else is', async () => {
    await start({ adapter });
    const pairs = [await app.client.signIn(), await app.client.signIn()];
    const bob = await app.client.signIn('bob');
    app.users.inactive.add(ADA);
    expect(await app.auth.disableUser(ADA)).toBe(2);
    for (const { access_token, refresh_token, session } of pairs) {
      expect((await app.client.profile(access_token)).status).toBe(401);
      expect(await verdictOf(app.auth.authenticate(access_token))).toBe('session_ended');
      expect((await app.client.refresh(refresh_token)).status).toBe(401);
      expect(rowOf(app, session.guid)).toMatchObject({ endReason: 'user_disabled' });
    }
    expect(await app.registry.listEnded(ADA)).toMatchObject([
      { endReason: 'user_disabled' },
      { endReason: 'user_disabled' },
    ]);
    expect(eventsNamed(app, 'revoked')).toMatchObject([{ userId: ADA, reason: 'user_disabled', count: 2 }]);
    expect((await app.client.profile(bob.access_token)).status).toBe(200);
  });
});

describe('what isActive says', () => {
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a promise of false', Promise.resolve(false)],
    ['a text', 'no'],
    ['an object', {}],
  ])('is no leave to pass when it is %s', async (_, answer) => {
    await start({ options: { users: usersClass({ isActive: () => answer as boolean }) } });
    expect(await verdictOf(app.auth.loginWithPassword(CREDENTIALS))).toBe('user_inactive');
    expect(sessionRows(app.file)).toEqual([]);
  });

  it('is waited for', async () => {
    await start({ options: { users: usersClass({ isActive: async () => true }) } });
    expect(await verdictOf(app.auth.loginWithPassword(CREDENTIALS))).toBe('accepted');
  });

  it('is asked with the user id as text, whatever the app calls it', async () => {
    const asked: unknown[] = [];
    const users = usersClass({
      validateCredentials: () => ({ id: 7 }),
      isActive: (id) => asked.push(id) > 0,
    });
    await start({ options: { users } });
    const { access_token } = await app.client.signIn();
    expect(asked).toEqual(['7']);
    expect(claimsOf(access_token).sub).toBe('7');
    expect(await app.auth.disableUser(7)).toBe(1);
  });
});

describe('a users class that fails', () => {
  const down = () => new Error('the user table is locked');

  it.each(ADAPTERS)('in validateCredentials is 503 unavailable on %s, and never a wrong password', async (adapter) => {
    await start({ adapter, options: { users: usersClass({ validateCredentials: fails(down()) }) } });
    const answer = await app.client.login('ada');
    expect(answer).toMatchObject({ status: 503, body: { statusCode: 503, code: 'unavailable' } });
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(answer.text).not.toContain('locked');
    const failure = await app.auth.loginWithPassword(CREDENTIALS).catch((error: unknown) => error);
    expect(failure).toMatchObject({ reason: 'users_failed', cause: down() });
  });

  it('by a promise that rejects is the same', async () => {
    await start({ options: { users: usersClass({ validateCredentials: () => Promise.reject(down()) }) } });
    expect((await app.client.login('ada')).status).toBe(503);
    expect(await verdictOf(app.auth.loginWithPassword(CREDENTIALS))).toBe('users_failed');
  });

  it('in isActive is 503 at sign-in, at renewal and on each request, and ends nothing', async () => {
    let failing = false;
    const isActive = () => {
      if (failing) throw down();
      return true;
    };
    await start({ options: { users: usersClass({ isActive }), checkUser: 'request' } });
    const { access_token, refresh_token, session } = await app.client.signIn();
    failing = true;
    for (const answer of [
      await app.client.login('ada'),
      await app.client.refresh<object>(refresh_token),
      await app.client.profile<object>(access_token),
    ]) {
      expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    }
    expect(await verdictOf(app.auth.authenticate(access_token))).toBe('users_failed');
    expect(rowOf(app, session.guid)).toMatchObject({ endedAt: null, rotatedAt: null });
    failing = false;
    expect((await app.client.refresh(refresh_token)).status).toBe(200);
  });

  it('in findById is 503 at renewal, and the refresh token is good for the next try', async () => {
    let failing = true;
    const findById = (id: string) => {
      if (failing) throw down();
      return { id };
    };
    await start({ options: { users: usersClass({ findById }), claims: () => ({ role: 'member' }) } });
    const { refresh_token, session } = await app.client.signIn();
    expect((await app.client.refresh(refresh_token)).status).toBe(503);
    expect(rowOf(app, session.guid).rotatedAt).toBeNull();
    failing = false;
    expect((await app.client.refresh(refresh_token)).status).toBe(200);
  });

  it.each(ADAPTERS)('with an HTTP exception of the app answers with that on %s', async (adapter) => {
    const locked = new ForbiddenException({ statusCode: 403, reason: 'too many tries' });
    await start({ adapter, options: { users: usersClass({ validateCredentials: fails(locked) }) } });
    const { status, body } = await app.client.login('ada');
    expect({ status, body }).toEqual({ status: 403, body: { statusCode: 403, reason: 'too many tries' } });
  });

  it.each<[string, unknown, string]>([
    ['no id', {}, 'undefined'],
    ['an id of null', { id: null }, 'null'],
    ['an empty id', { id: '' }, 'an empty text'],
    ['half an id', { id: 1.5 }, 'the number 1.5'],
    ['an id of 256 characters', { id: 'i'.repeat(256) }, 'a text of 256 characters'],
    ['an id that is an object', { id: { $oid: '1' } }, 'an object'],
    ['an id that is a bigint', { id: 1n }, 'a bigint'],
    ['an id with a NUL', { id: 'a\0' }, 'a text with a NUL in it'],
  ])('by a user with %s is told so, and signs nobody in', async (_, user, what) => {
    await start({ options: { users: usersClass({ validateCredentials: () => user as AuthUser }) } });
    await expect(app.auth.loginWithPassword(CREDENTIALS)).rejects.toThrow(
      `A user id is a text of 1 to 255 characters or a safe integer, and this is ${what}. Give the \`id\` of one user`,
    );
    expect((await app.client.login('ada')).status).toBe(500);
    expect(sessionRows(app.file)).toEqual([]);
  });
});

describe("the app's own claims", () => {
  const claims = (user: TestUser) => ({ name: user.username, role: user.role });

  it.each(ADAPTERS)('arrive in the access token and at the route, on %s', async (adapter) => {
    await start({ adapter, options: { claims } });
    const { access_token } = await app.client.signIn();
    expect(claimsOf(access_token)).toMatchObject({ name: 'ada', role: 'member' });
    const { body } = await app.client.profile<object>(access_token);
    expect(body).toMatchObject({ claims: { name: 'ada', role: 'member' } });
    expect((await app.auth.authenticate(access_token)).claims).toEqual({ name: 'ada', role: 'member' });
  });

  it('may be made by a promise', async () => {
    await start({ options: { claims: async (user: TestUser) => ({ role: user.role }) } });
    expect(claimsOf((await app.client.signIn()).access_token)).toMatchObject({ role: 'member' });
  });

  it('are of the user as of now after a renewal, through findById', async () => {
    await start({ options: { claims } });
    const first = await app.client.signIn();
    app.users.roles.set(ADA, 'admin');
    const second = (await app.client.refresh(first.refresh_token)).body;
    expect(claimsOf(second.access_token)).toMatchObject({ role: 'admin' });
    app.users.roles.delete(ADA);
    const third = (await app.client.refresh(second.refresh_token)).body;
    expect(claimsOf(third.access_token)).toMatchObject({ role: 'member' });
  });

  it('are those of the sign-in after every renewal where the users class has no findById', async () => {
    let role = 'member';
    await start({ options: { users: usersClass({}), claims: () => ({ role }) } });
    let pair = await app.client.signIn();
    role = 'admin';
    for (let renewals = 0; renewals < 3; renewals++) {
      pair = (await app.client.refresh(pair.refresh_token)).body;
      expect(claimsOf(pair.access_token)).toMatchObject({ role: 'member' });
    }
  });

  it('are those of the sign-in where findById does not find the user', async () => {
    await start({ options: { users: usersClass({ findById: () => null }), claims: () => ({ role: 'member' }) } });
    const { refresh_token } = await app.client.signIn();
    expect(claimsOf((await app.client.refresh(refresh_token)).body.access_token)).toMatchObject({ role: 'member' });
  });

  it('cannot take the place of a claim of the library', async () => {
    const reserved = {
      ...{ sub: 'id-of-bob', guid: 'mine', refTokID: 'mine', iss: 'me', aud: 'you' },
      ...{ iat: 0, exp: 9_999_999_999, nbf: 9_999_999_999, jti: 'mine', ticket: 9, custom: { role: 'root' } },
    };
    await start({ options: { claims: () => ({ ...reserved, role: 'member' }) } });
    const { access_token, refresh_token, session } = await app.client.signIn();
    const iat = app.clock.now() / 1000;
    const own = {
      ...{ iss: 'nestjs-session-registry', aud: 'nestjs-session-registry', sub: ADA, iat },
      ...{ guid: session.guid, refTokID: rowOf(app, session.guid).refTokID },
    };
    expect(claimsOf(access_token)).toEqual({ ...own, ticket: 0, exp: iat + 300, role: 'member' });
    expect(claimsOf(refresh_token)).toEqual({ ...own, exp: iat + 2_592_000, custom: { role: 'member' } });
    expect(await app.auth.authenticate(access_token)).toEqual({
      userId: ADA,
      guid: session.guid,
      claims: { role: 'member' },
    });
  });

  it('cannot reach a prototype', async () => {
    const hostile = JSON.parse('{"__proto__":{"role":"root"},"constructor":{"role":"root"},"role":"member"}') as object;
    await start({ options: { claims: () => ({ ...hostile, ...Object.fromEntries(Object.entries(hostile)) }) } });
    const { access_token } = await app.client.signIn();
    const session = await app.auth.authenticate(access_token);
    expect(session.claims).toEqual({ role: 'member' });
    expect(Object.getPrototypeOf(session.claims)).toBe(Object.prototype);
  });

  it('cannot be changed by a route', async () => {
    await start({ options: { claims } });
    const { access_token } = await app.client.signIn();
    const session = await app.auth.authenticate(access_token);
    expect(Object.isFrozen(session.claims)).toBe(true);
  });

  it('that are too many for a token are refused with what to do about it', async () => {
    await start({ options: { claims: () => ({ essay: 'x'.repeat(5000) }) } });
    await expect(app.auth.login(ADA)).rejects.toThrow(
      /^The option `claims` returned \d+ bytes of JSON, but a token has room for 2048\. Put less into the claims/,
    );
    const answer = await app.client.login('ada');
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/eyJ|essay/);
  });

  it('that are too many for a token leave no session behind, and end none', async () => {
    let essay = 'short';
    await start({ options: { claims: () => ({ essay }), maxSessions: 1 } });
    const { access_token } = await app.client.signIn();
    essay = 'x'.repeat(5000);
    expect((await app.client.login('ada')).status).toBe(500);
    expect(sessionRows(app.file)).toHaveLength(1);
    expect(await verdictOf(app.auth.authenticate(access_token))).toBe('accepted');
  });

  it('that cannot be made sign nobody in', async () => {
    await start({ options: { claims: fails(new Error('no such role')) } });
    expect((await app.client.login('ada')).status).toBe(500);
    expect(sessionRows(app.file)).toEqual([]);
  });
});

describe.each(ADAPTERS)('an app that signs in by itself, without a users class, on %s', (adapter) => {
  @Controller('magic-link')
  class MagicLinkController {
    constructor(private readonly auth: AuthService) {}

    @Post()
    @HttpCode(200)
    redeem(@Body() { code }: { code: number }, @Req() request: AuthRequest): Promise<TokenPair> {
      return this.auth.login(code, request, { deviceName: 'by magic link' });
    }
  }

  async function startWithout(options: TestAppOptions['options'] = {}): Promise<void> {
    await start({ adapter, options: { users: undefined, ...options }, controllers: [MagicLinkController] });
  }

  const redeem = (headers: Record<string, string> = {}) =>
    app.client.call<TokenPair>('POST', '/magic-link', { body: { code: 42 }, headers });

  it('gets the same token pair and the same session as a login by password', async () => {
    await startWithout();
    const { status, body } = await redeem();
    expect(status).toBe(200);
    expect(headerOf(body.access_token)).toMatchObject({ typ: 'at+jwt' });
    expect(body.session).toMatchObject({
      name: 'by magic link',
      device: { browser: 'Chrome', os: 'Windows' },
      ip: expect.stringMatching(/127\.0\.0\.1$/),
    });
    expect((await app.client.profile(body.access_token)).body).toMatchObject({ userId: '42' });
    app.clock.advance(MINUTE);
    expect((await app.client.refresh(body.refresh_token)).status).toBe(200);
    expect((await app.client.list(body.access_token)).body).toHaveLength(1);
  });

  it('mounts no login by password', async () => {
    await startWithout();
    expect((await app.client.login('ada')).status).toBe(404);
  });

  it('answers a refusal of the library in the same shape on a route of the app', async () => {
    await startWithout({ maxSessions: 1, whenFull: 'reject' });
    await redeem();
    const { status, body } = await redeem();
    expect(status).toBe(403);
    expect(body).toMatchObject({ statusCode: 403, code: 'session_limit' });
  });

  it('replaces the session of a device that is signed in already and says so', async () => {
    await startWithout();
    const first = await redeem();
    const second = await redeem({ authorization: `Bearer ${first.body.access_token}` });
    expect(rowOf(app, first.body.session.guid).endReason).toBe('replaced');
    expect(rowOf(app, second.body.session.guid).endedAt).toBeNull();
  });

  it('makes claims of { id }, or of the user it hands over', async () => {
    await startWithout({
      claims: (user: AuthUser & { role?: string }) => ({ of: user.id, role: user.role ?? 'none' }),
    });
    expect((await app.auth.authenticate((await app.auth.login(42)).access_token)).claims).toEqual({
      of: '42',
      role: 'none',
    });
    const user = { id: 42, role: 'admin' };
    const pair = await app.auth.login(42, undefined, { user });
    expect((await app.auth.authenticate(pair.access_token)).claims).toEqual({ of: 42, role: 'admin' });
    const renewed = await app.auth.refresh(pair.refresh_token);
    expect((await app.auth.authenticate(renewed.access_token)).claims).toEqual({ of: 42, role: 'admin' });
  });

  it('needs no request, and then knows nothing of the device', async () => {
    await startWithout();
    const { session } = await app.auth.login('a cron job');
    expect(session).toMatchObject({ name: 'Unknown device', ip: null, device: { type: 'unknown' } });
  });

  it('is refused when everybody was signed out after its ticket was drawn', async () => {
    await startWithout();
    const ticket = await app.auth.beginLogin();
    await app.registry.revokeAll('42');
    const late: RefusalReason | 'accepted' = await verdictOf(app.auth.login(42, undefined, { ticket }));
    expect(late).toBe('cut_off');
    expect(await verdictOf(app.auth.login(42))).toBe('accepted');
  });
});
