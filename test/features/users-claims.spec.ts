import { afterEach, describe, expect, it } from 'vitest';
import { Injectable } from '@nestjs/common';
import type { AuthUsers } from 'nestjs-session-registry';
import { ADAPTERS, startApp, type TestApp, type TestAppOptions } from '../support/app.js';
import { claimsOf } from '../support/client.js';
import { rowOf, verdictOf } from '../support/inspect.js';
import { sessionRows } from '../support/sqlite-file.js';
import type { TestUser } from '../support/users.js';

const ADA = 'id-of-ada';
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

  it('are those of the sign-in after every renewal if the users class has no findById', async () => {
    let role = 'member';
    await start({ options: { users: usersClass({}), claims: () => ({ role }) } });
    let pair = await app.client.signIn();
    role = 'admin';
    for (let renewals = 0; renewals < 3; renewals++) {
      pair = (await app.client.refresh(pair.refresh_token)).body;
      expect(claimsOf(pair.access_token)).toMatchObject({ role: 'member' });
    }
  });

  it('are those of the sign-in if findById does not find the user', async () => {
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
    await start({ options: { claims: () => ({ role: 'admin', essay: 'x'.repeat(5000) }) } });
    await expect(app.auth.login(ADA)).rejects.toThrow(
      'The option `claims` returned 5027 bytes of JSON, but a token has room for 2048. The largest is `essay`, a text of ' +
        '5000 characters. Put less into the claims and look the rest up by `userId`.',
    );
    const answer = await app.client.login('ada');
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/eyJ|essay/);
  });

  it.each<[unknown, string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    ['admin', 'a text'],
    [7, 'the number 7'],
    [['admin'], 'an array'],
  ])('that are no object but %j are refused with what to write', async (claims, what) => {
    await start({ options: { claims: () => claims as Record<string, unknown> } });
    await expect(app.auth.login(ADA)).rejects.toThrow(
      `The option \`claims\` has to return an object, and this is ${what}. ` +
        'Write `claims: (user) => ({ role: user.role })`, with brackets around the object, and `{}` for no claims.',
    );
    expect(sessionRows(app.file)).toEqual([]);
  });

  const circle: { self?: unknown } = {};
  circle.self = circle;
  it.each<[string, unknown, string]>([
    ['a BigInt', 7n, 'a bigint, which JSON cannot write (Do not know how to serialize a BigInt)'],
    ['a list with one', [7n], 'an array, which JSON cannot write (Do not know how to serialize a BigInt)'],
    ['a circle', circle, 'an object, which JSON cannot write (Converting circular structure to JSON)'],
    ['a function', () => 1, 'a function, which JSON cannot write'],
    ['a symbol', Symbol('s'), 'a symbol, which JSON cannot write'],
  ])('with %s are refused by the name of the claim', async (_, value, problem) => {
    await start({ options: { claims: () => ({ role: 'member', account: value }) } });
    await expect(app.auth.login(ADA)).rejects.toThrow(
      `The claim \`account\` that the option \`claims\` returned is ${problem}. Give a text, a number, or an object`,
    );
    expect(sessionRows(app.file)).toEqual([]);
  });

  it('may be undefined one by one, and know how to write themselves', async () => {
    await start({ options: { claims: () => ({ role: undefined, since: new Date(0), id: { toJSON: () => 'abc' } }) } });
    expect(claimsOf((await app.auth.login(ADA)).access_token)).toMatchObject({
      since: '1970-01-01T00:00:00.000Z',
      id: 'abc',
    });
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

  it('that cannot be created fail the sign-in', async () => {
    await start({ options: { claims: fails(new Error('no such role')) } });
    expect((await app.client.login('ada')).status).toBe(500);
    expect(sessionRows(app.file)).toEqual([]);
  });
});
