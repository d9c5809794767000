import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { LiveSessions, type SessionRegistry, SessionStore, type UserId } from 'nestjs-session-registry';
import type { DataSourceOptions } from 'typeorm';
import { resolveOptions } from '../../src/options/resolve-options.js';
import { newRefTokID } from '../../src/sessions/ids.js';
import { KeySet } from '../../src/tokens/key-set.js';
import { TokenSigner } from '../../src/tokens/token-signer.js';
import { SECRET, startApp, type TestApp } from '../support/app.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';
import { verdictOf } from '../support/inspect.js';

const NO_IDS: [string, unknown][] = [
  ['undefined', undefined],
  ['null', null],
  ['an empty text', ''],
  ['an object', { toHexString: 'a1' }],
  ['an object', new Date(0)],
  ['an object', { id: 1 }],
  ['an array', ['1']],
  ['a boolean', true],
  ['the number 1.5', 1.5],
  ['the number 9007199254740992', 2 ** 53],
  ['a text with a NUL in it', '1\0'],
  ['a text with half a character', '1\ud83d'],
  ['a text of 256 characters', '1'.repeat(256)],
];
const ODD_NAMES = ['\0', '😀', '\ud800', "' OR ''='", ' ', '%', 'x'.repeat(255)];
const NOBODY = { userAgent: null, ip: null };

/** Every verb that takes the id of a user, and a session where it names one. */
const VERBS: [string, (registry: SessionRegistry, userId: never, guid: string) => unknown][] = [
  ['open', (registry, userId) => registry.open({ userId, ticket: 0, ...NOBODY })],
  ['renew', (registry, userId, guid) => registry.renew({ userId, guid }, newRefTokID(), NOBODY)],
  ['list', (registry, userId) => registry.list(userId)],
  ['listEnded', (registry, userId) => registry.listEnded(userId)],
  ['rename', (registry, userId, guid) => registry.rename(userId, guid, 'name')],
  ['revoke', (registry, userId, guid) => registry.revoke(userId, guid)],
  ['revokeOthers', (registry, userId, guid) => registry.revokeOthers(userId, guid)],
  ['revokeAll', (registry, userId) => registry.revokeAll(userId)],
  ['credentialsChanged', (registry, userId, keep) => registry.credentialsChanged(userId, { keep })],
  ['forget', (registry, userId) => registry.forget(userId)],
  ['touch', async (registry, userId, guid) => registry.touch({ userId, guid }, 0, NOBODY)],
];

describe.each(DATABASES)('ids on %s', (kind) => {
  let database: TestDatabase;
  let app: TestApp;
  let signer: TokenSigner;

  beforeAll(async () => {
    database = await createDatabase(kind);
    app = await startApp({ options: { database: database.options as DataSourceOptions } });
    const { tokens } = resolveOptions({ secret: SECRET });
    signer = new TokenSigner(tokens, new KeySet(tokens.keys));
  }, 60_000);
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  /** The questions the store is asked meanwhile. */
  async function questionsIn(work: () => Promise<unknown>): Promise<string[]> {
    const store = app.nest.get(SessionStore, { strict: false });
    const names = ['open', 'check', 'find', 'list', 'rotate', 'rename', 'end', 'cutOff', 'forget', 'touch'] as const;
    const spies = names.map((name) => vi.spyOn(store, name as 'find'));
    try {
      await work();
      return names.filter((_, at) => (spies[at]?.mock.calls.length ?? 0) > 0);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  }

  it('take a safe integer for the text of its digits, at every verb', async () => {
    const id = Math.floor(Math.random() * 1e12);
    const pairs = [await app.auth.login(id), await app.auth.login(String(id)), await app.auth.login(id)];
    const [one = '', two = '', three = ''] = pairs.map(({ session }) => session.guid);
    expect(await app.registry.list(id)).toHaveLength(3);
    expect(await app.registry.rename(id, one, 'Kitchen')).toMatchObject({ name: 'Kitchen' });
    expect(await app.registry.revoke(id, one)).toBe(true);
    expect((await app.registry.listEnded(id)).map(({ guid }) => guid)).toEqual([one]);
    expect(await app.registry.revokeOthers(id, two)).toBe(1);
    expect(await verdictOf(app.auth.authenticate(pairs[2]?.access_token ?? ''))).toBe('session_ended');
    expect(await app.registry.credentialsChanged(id, { keep: two })).toBe(0);
    expect(await app.registry.revokeAll(id)).toBe(1);
    expect(await app.registry.forget(id)).toBe(3);
    expect([one, two, three].includes('')).toBe(false);
  });

  it.each<[string, UserId, string]>([
    ['a BigInt', 9_007_199_254_740_993n, '9007199254740993'],
    ['an id of MongoDB', { toHexString: () => '65f0a1b2c3d4e5f6a7b8c9d0' }, '65f0a1b2c3d4e5f6a7b8c9d0'],
  ])('take %s for its text, at a sign-in, in a list and at a sign-out', async (_, id, text) => {
    const { access_token, session } = await app.auth.login(id);
    expect(await app.auth.authenticate(access_token)).toMatchObject({ userId: text });
    expect((await app.client.list(access_token)).body).toMatchObject([{ guid: session.guid }]);
    expect(await app.registry.list(id)).toEqual(await app.registry.list(text));
    expect(await app.registry.revokeAll(id)).toBe(1);
    expect(await verdictOf(app.auth.authenticate(access_token))).toBe('session_ended');
  });

  it('take no number for a text that begins with it', async () => {
    const id = Math.floor(Math.random() * 1e12);
    const near = [`${id}abc`, `0${id}`, `${id}.0`, ` ${id}`, `${id} `];
    for (const userId of near) await app.auth.login(userId);
    expect(await app.registry.list(id)).toEqual([]);
    expect(await app.registry.revokeAll(id)).toBe(0);
    expect(await app.registry.forget(id)).toBe(0);
    for (const userId of near) expect(await app.registry.list(userId)).toHaveLength(1);
  });

  describe.each(VERBS)('of %s', (_, verb) => {
    it.each(NO_IDS)('are not %s: a TypeError, and no query', async (what, given) => {
      const asked = await questionsIn(() =>
        expect((async () => verb(app.registry, given as never, randomUUID()))()).rejects.toMatchObject({
          name: 'TypeError',
          message: expect.stringContaining(`or a safe integer, and this is ${what}`),
        }),
      );
      expect(asked).toEqual([]);
    });
  });

  it.each(NO_IDS)('are not %s where sessions are watched, signed in or disabled', async (_, given) => {
    const id = given as never;
    const watching = app.nest.get(LiveSessions).watch({ userId: id, guid: randomUUID() }, () => {});
    await expect(watching).rejects.toMatchObject({ name: 'TypeError' });
    await expect(app.auth.login(id)).rejects.toMatchObject({ name: 'TypeError' });
    await expect(app.auth.disableUser(id)).rejects.toMatchObject({ name: 'TypeError' });
  });

  it('name no session by anything but a guid, and then ask nothing', async () => {
    const { session, access_token } = await app.auth.login('ada');
    const names = [...ODD_NAMES, `${session.guid} `, session.guid.toUpperCase(), `${session.guid}\0`];
    const asked = await questionsIn(async () => {
      for (const guid of names) {
        expect(await app.registry.revoke('ada', guid)).toBe(false);
        expect(await app.registry.revoke('ada', guid, 'revoked', { accessTokens: true })).toBe(false);
        expect(await app.registry.rename('ada', guid, 'mine')).toBeUndefined();
        const renewal = await app.registry.renew({ userId: 'ada', guid }, newRefTokID(), NOBODY);
        expect(renewal).toEqual({ ok: false, reason: 'session_unknown' });
        app.registry.touch({ userId: 'ada', guid }, 0, NOBODY);
      }
      await app.registry.flushTouches();
    });
    expect(asked).toEqual([]);
    expect(await verdictOf(app.auth.authenticate(access_token))).toBe('accepted');
  });

  it('keep nothing if the name is not a guid', async () => {
    const { session, access_token } = await app.auth.login('keeper');
    expect(await app.registry.revokeOthers('keeper', `${session.guid} `)).toBe(1);
    expect(await verdictOf(app.auth.authenticate(access_token))).toBe('session_ended');
  });

  it.each(ODD_NAMES)(
    'in a signed token: the guid %j is an unknown one, at the guard, a renewal and a sign-out',
    async (guid) => {
      const subject = { userId: 'ada', guid, refTokID: newRefTokID(), ticket: 0 };
      const token = (kind: 'access' | 'refresh') => signed(kind, subject);
      const asked = await questionsIn(async () => {
        expect(await verdictOf(app.auth.authenticate(token('access')))).toBe('session_unknown');
        expect(await verdictOf(app.auth.refresh(token('refresh')))).toBe('session_unknown');
        expect((await app.client.logout({ token: token('access') })).status).toBe(204);
      });
      expect(asked).toEqual([]);
    },
  );

  it.each(['\0', 'ada\0', '\ud800', ''])(
    'in a signed token: the sub %j is refused, and nobody is asked',
    async (userId) => {
      const subject = { userId, guid: randomUUID(), refTokID: newRefTokID(), ticket: 0 };
      const asked = await questionsIn(async () => {
        expect(await verdictOf(app.auth.authenticate(signed('access', subject)))).toBe('wrong_claims');
        expect(await verdictOf(app.auth.refresh(signed('refresh', subject)))).toBe('wrong_claims');
        expect((await app.client.logout({ token: signed('access', subject) })).status).toBe(401);
      });
      expect(asked).toEqual([]);
    },
  );

  it.each(['\0', '😀', 'next '])(
    'in a signed token: the generation %j was never one, and the session lives',
    async (refTokID) => {
      const { session, access_token } = await app.auth.login('ada');
      const subject = { userId: 'ada', guid: session.guid, refTokID, ticket: 0 };
      expect(await verdictOf(app.auth.authenticate(signed('access', subject)))).toBe('superseded');
      expect(await verdictOf(app.auth.refresh(signed('refresh', subject)))).toBe('superseded');
      expect(await verdictOf(app.auth.authenticate(access_token))).toBe('accepted');
    },
  );

  it('of emoji are ids like any other', async () => {
    const userId = '😀'.repeat(127);
    const { access_token } = await app.auth.login(userId);
    expect(await verdictOf(app.auth.authenticate(access_token))).toBe('accepted');
    expect(await app.registry.revokeAll(userId)).toBe(1);
    expect(await verdictOf(app.auth.authenticate(access_token))).toBe('session_ended');
  });

  function signed(kind: 'access' | 'refresh', subject: object): string {
    const now = app.clock.now();
    const rest = { sessionEnd: now + 86_400_000, custom: {} };
    return signer.sign(kind, { ...rest, ...subject } as Parameters<TokenSigner['sign']>[1], now).token;
  }
});
