import { afterEach, describe, expect, it } from 'vitest';
import { ForbiddenException, Injectable } from '@nestjs/common';
import type { AuthUser, AuthUsers } from 'nestjs-session-registry';
import { ADAPTERS, startApp, type TestApp, type TestAppOptions } from '../support/app.js';
import { claimsOf } from '../support/client.js';
import { eventsNamed, rowOf, verdictOf } from '../support/inspect.js';
import { sessionRows } from '../support/sqlite-file.js';

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

  it('is accepted until the renewal by default, and requests do not ask for the user', async () => {
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
  it.each<[unknown, string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    [1, 'the number 1'],
    ['yes', 'a text'],
    [Promise.resolve(0), 'the number 0'],
    [{}, 'an object'],
    [1n, 'a bigint'],
  ])('is a fault of the app when it is %s, and neither a yes nor a no', async (answer, what) => {
    let says: unknown = true;
    await start({ options: { users: usersClass({ isActive: () => says as boolean }), checkUser: 'request' } });
    const { access_token, refresh_token, session } = await app.client.signIn();
    says = answer;
    const sentence =
      `\`users.isActive\` has to answer true or false, and this is ${what}. ` +
      'Compare the value in your class, such as `return user?.active === 1`.';
    const failure = await app.auth.loginWithPassword(CREDENTIALS).catch((error: unknown) => error);
    expect(failure).toMatchObject({ reason: 'users_failed', cause: new TypeError(sentence) });
    expect(await verdictOf(app.auth.refresh(refresh_token))).toBe('users_failed');
    expect(await verdictOf(app.auth.authenticate(access_token))).toBe('users_failed');
    expect(rowOf(app, session.guid)).toMatchObject({ endedAt: null, rotatedAt: null });
    expect(sessionRows(app.file)).toHaveLength(1);
    says = false;
    expect(await verdictOf(app.auth.loginWithPassword(CREDENTIALS))).toBe('user_inactive');
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
    ['an id with nothing but a toString', { id: { toString: () => '1' } }, 'an object'],
    ['an id with a NUL', { id: 'a\0' }, 'a text with a NUL in it'],
  ])('by a user with %s is told so, and signs nobody in', async (_, user, what) => {
    await start({ options: { users: usersClass({ validateCredentials: () => user as AuthUser }) } });
    await expect(app.auth.loginWithPassword(CREDENTIALS)).rejects.toThrow(
      'The `id` of what `users.validateCredentials` resolved to is wrong. A user id is a text of 1 to 255 characters, ' +
        `a BigInt, an ObjectId or a safe integer, and this is ${what}. Give the \`id\` of one user`,
    );
    expect((await app.client.login('ada')).status).toBe(500);
    expect(sessionRows(app.file)).toEqual([]);
  });
});
