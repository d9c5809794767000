import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EndReason, SessionView, TokenPair } from 'nestjs-session-registry';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import type { Answer, ErrorBody } from '../support/client.js';
import { MINUTE, SECOND } from '../support/times.js';
import { eventsNamed, rowOf, rowsOf, verdictOf } from '../support/inspect.js';

const ADA = 'id-of-ada';
const UNKNOWN = '00000000-0000-4000-8000-000000000000';
let app: TestApp;
const refreshing = ({ refresh_token }: TokenPair) => verdictOf(app.auth.refresh(refresh_token));
const using = ({ access_token }: TokenPair) => verdictOf(app.auth.authenticate(access_token));

const remove = <T = unknown>(path: string, { access_token }: TokenPair) =>
  app.client.call<T>('DELETE', path, { token: access_token });

const signInThrice = async (): Promise<[TokenPair, TokenPair, TokenPair]> => [
  await app.client.signIn(),
  await app.client.signIn(),
  await app.client.signIn(),
];

/** Both tokens let in over HTTP; the pair to go on with. */
async function expectLive(pair: TokenPair): Promise<TokenPair> {
  expect((await app.client.profile(pair.access_token)).status).toBe(200);
  const renewal = await app.client.refresh(pair.refresh_token);
  expect(renewal.status).toBe(200);
  return renewal.body;
}

/** Both tokens refused over HTTP, and for this reason: the session had ended. */
async function expectEnded(pair: TokenPair, reason: string): Promise<void> {
  expect((await app.client.profile(pair.access_token)).status).toBe(401);
  expect((await app.client.refresh<unknown>(pair.refresh_token)).status).toBe(401);
  expect([await using(pair), await refreshing(pair)]).toEqual(['session_ended', 'session_ended']);
  expect(rowOf(app, pair.session.guid).endReason).toBe(reason);
}

/** Presents the refresh token again when its successor has been renewed. */
async function reuse(pair: TokenPair): Promise<void> {
  await app.auth.refresh((await app.auth.refresh(pair.refresh_token)).refresh_token);
  expect(await refreshing(pair)).toBe('reuse_detected');
}

/** All a client sees of an answer, but the time of day. */
function seen({ status, headers, body }: Answer): unknown {
  return { status, body, headers: [...headers].filter(([name]) => name !== 'date') };
}

afterEach(() => app.close());

describe.each(ADAPTERS)('signing out of devices (%s)', (adapter) => {
  beforeEach(async () => {
    app = await startApp({ adapter });
  });

  it('ends one device on its very next request, and no other', async () => {
    const [own, lost, third] = await signInThrice();
    expect((await app.client.profile(lost.access_token)).status).toBe(200);

    expect((await remove(`/sessions/${lost.session.guid}`, own)).status).toBe(204);

    await expectEnded(lost, 'revoked');
    await expectLive(own);
    await expectLive(third);
    const { guid } = lost.session;
    const at = app.clock.now();
    expect(eventsNamed(app, 'revoked')).toEqual([{ userId: ADA, guid, reason: 'revoked', count: 1, at }]);
  });

  it('ends the device that asks, if it names itself', async () => {
    const [own, other] = await signInThrice();
    expect((await remove(`/sessions/${own.session.guid}`, own)).status).toBe(204);
    await expectEnded(own, 'revoked');
    await expectLive(other);
  });

  it('ends the others at once, keeps the device that asks, and tells how many', async () => {
    const [first, own, third] = await signInThrice();
    const stranger = await app.client.signIn('bob');
    for (const pair of [first, third]) expect((await app.client.profile(pair.access_token)).status).toBe(200);

    const answer = await remove('/sessions?except=current', own);

    expect([answer.status, answer.body]).toEqual([200, { revoked: 2 }]);
    await expectEnded(first, 'revoked');
    await expectEnded(third, 'revoked');
    await expectLive(stranger);
    const next = await expectLive(own);
    expect((await remove('/sessions?except=current', next)).body).toEqual({ revoked: 0 });
    const [event, ...more] = eventsNamed(app, 'revoked');
    expect(event).toMatchObject({ userId: ADA, except: own.session.guid, reason: 'revoked', count: 2 });
    expect(more).toEqual([]);
  });

  it('ends all at once, the device that asks too, and tells how many', async () => {
    const pairs = await signInThrice();
    const stranger = await app.client.signIn('bob');
    for (const pair of pairs) expect((await app.client.profile(pair.access_token)).status).toBe(200);

    const answer = await remove('/sessions', pairs[0]);

    expect([answer.status, answer.body]).toEqual([200, { revoked: 3 }]);
    for (const pair of pairs) await expectEnded(pair, 'revoked_all');
    await expectLive(stranger);
    expect((await remove('/sessions', pairs[0])).status).toBe(401);
  });

  it('counts only what was live', async () => {
    const [own, ended] = await signInThrice();
    expect((await app.client.logout({ token: ended.access_token })).status).toBe(204);
    expect((await remove('/sessions', own)).body).toEqual({ revoked: 2 });
    expect(rowOf(app, ended.session.guid).endReason).toBe('signed_out');
  });

  it('refuses a misspelt "except" and ends nothing', async () => {
    const [own, other] = await signInThrice();
    for (const query of ['?exept=current', '?except=curent', '?except=', '?except=current&x=1']) {
      const answer = await remove<ErrorBody>(`/sessions${query}`, own);
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    }
    expect(rowsOf(app, ADA).filter(({ endedAt }) => endedAt !== null)).toEqual([]);
    expect((await remove('/sessions?except=current', own)).body).toEqual({ revoked: 2 });
    await expectEnded(other, 'revoked');
  });

  it('answers 204 again for an own device that had ended, and leaves its end as it was', async () => {
    const [own, lost, left] = await signInThrice();
    expect((await remove(`/sessions/${lost.session.guid}`, own)).status).toBe(204);
    expect((await app.client.logout({ token: left.access_token })).status).toBe(204);
    const rows = [lost, left].map(({ session }) => rowOf(app, session.guid));
    app.clock.advance(MINUTE);
    for (const pair of [lost, left]) expect((await remove(`/sessions/${pair.session.guid}`, own)).status).toBe(204);
    expect([lost, left].map(({ session }) => rowOf(app, session.guid))).toEqual(rows);
    expect(eventsNamed(app, 'revoked')).toHaveLength(2);
  });
});

describe.each(ADAPTERS)("another user's guid (%s)", (adapter) => {
  beforeEach(async () => {
    app = await startApp({ adapter });
  });

  const calls = [
    { method: 'DELETE', body: undefined, done: 204 },
    { method: 'PATCH', body: { name: 'Mine now' }, done: 200 },
  ];

  it.each(calls)('answers $method as an unknown one does, and nothing happens to the row', async (given) => {
    const { method, body, done } = given;
    const ada = await app.client.signIn('ada');
    const bob = await app.client.signIn('bob');
    const row = rowOf(app, bob.session.guid);
    const call = (guid: string, { access_token: token }: TokenPair) =>
      app.client.call(method, `/sessions/${guid}`, { token, body });

    const unknown = await call(UNKNOWN, ada);
    const foreign = await call(bob.session.guid, ada);
    const noGuid = await call('no-guid-at-all', ada);

    expect(unknown.status).toBe(404);
    expect((unknown.body as ErrorBody).code).toBe('not_found');
    expect(seen(foreign)).toEqual(seen(unknown));
    expect(seen(noGuid)).toEqual(seen(unknown));
    expect(rowOf(app, bob.session.guid)).toEqual(row);
    await expectLive(bob);
    expect((await call(bob.session.guid, bob)).status).toBe(done);
  });

  it('is not counted, not listed and not ended by "all"', async () => {
    const ada = await app.client.signIn('ada');
    const bob = await app.client.signIn('bob');
    const row = rowOf(app, bob.session.guid);
    const guids = ({ body }: Answer<SessionView[]>) => body.map(({ guid }) => guid);
    expect(guids(await app.client.list(ada.access_token))).toEqual([ada.session.guid]);
    expect((await remove('/sessions', ada)).body).toEqual({ revoked: 1 });
    expect(rowOf(app, bob.session.guid)).toEqual(row);
    await app.client.logout({ token: bob.access_token });
    const again = await app.client.signIn('ada');
    expect(guids(await app.client.listEnded(again.access_token))).toEqual([ada.session.guid]);
  });
});

describe.each(ADAPTERS)('the list of ended sessions (%s)', (adapter) => {
  beforeEach(async () => {
    app = await startApp({ adapter });
  });

  it('tells when and why each ended, last ended first', async () => {
    const ways: [EndReason, (pair: TokenPair) => Promise<unknown>][] = [
      ['signed_out', ({ access_token }) => app.client.logout({ token: access_token })],
      ['revoked', (pair) => remove(`/sessions/${pair.session.guid}`, pair)],
      [
        'replaced',
        ({ access_token }) => app.client.signIn('ada', { headers: { authorization: `Bearer ${access_token}` } }),
      ],
      ['reuse_detected', reuse],
      ['credentials_changed', () => app.registry.credentialsChanged(ADA)],
      ['user_disabled', () => app.auth.disableUser(ADA)],
      ['revoked_all', (pair) => remove('/sessions', pair)],
    ];
    const expected: unknown[] = [];
    const guids = new Set<string>();
    for (const [endReason, way] of ways) {
      const { session, ...tokens } = await app.client.signIn();
      app.clock.advance(SECOND);
      await way({ session, ...tokens });
      expected.unshift({
        ...{ guid: session.guid, current: false, createdAt: session.createdAt, expiresAt: session.expiresAt },
        ...{ endedAt: new Date(app.clock.now()).toISOString(), endReason },
      });
      guids.add(session.guid);
    }

    const own = await app.client.signIn();
    const { status, body } = await app.client.listEnded(own.access_token);

    expect(status).toBe(200);
    // The session that replaced one ended too, with the change of credentials.
    expect(body).toHaveLength(ways.length + 1);
    expect(body.filter(({ guid }) => guids.has(guid))).toMatchObject(expected);
    expect(body.map(({ guid }) => guid)).not.toContain(own.session.guid);
  });
});

describe('signing in after "all", within the same frozen millisecond', () => {
  beforeEach(async () => {
    app = await startApp();
  });

  it('lets 1,000 new sessions of 1,000 in, and none of the 1,000 old tokens', async () => {
    const frozen = app.clock.now();
    let old = await app.auth.login(ADA);
    const fates = new Map<string, number>();
    for (let round = 0; round < 1000; round++) {
      expect(await using(old)).toBe('accepted');
      await app.registry.revokeAll(ADA);
      const fresh = await app.auth.login(ADA);
      const fate = [await using(fresh), await refreshing(fresh), await using(old), await refreshing(old)].join(' ');
      fates.set(fate, (fates.get(fate) ?? 0) + 1);
      old = fresh;
    }
    expect([...fates]).toEqual([['accepted accepted session_ended session_ended', 1000]]);
    expect(app.clock.now()).toBe(frozen);
    const rows = rowsOf(app, ADA);
    expect(rows.filter(({ endedAt }) => endedAt === null)).toHaveLength(1);
    expect(rows.filter(({ endReason }) => endReason === 'revoked_all')).toHaveLength(1000);
  }, 60_000);
});
