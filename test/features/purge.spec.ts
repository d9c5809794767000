import { afterEach, describe, expect, it, vi } from 'vitest';
import { type AuthModuleOptions, SessionEvents, type TokenPair } from 'nestjs-session-registry';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import { startApp, type TestApp } from '../support/app.js';
import { DAY, HOUR, MINUTE } from '../support/times.js';
import { allRows, eventsNamed, verdictOf } from '../support/inspect.js';

const ADA = 'id-of-ada';
let app: TestApp;
/** Another process over the same database, in a test that needs one. */
let second: TestApp | undefined;

async function start(options: Partial<AuthModuleOptions>): Promise<void> {
  app = await startApp({ options });
}

/** Every statement of purge, counted: how many rows each visited and deleted. */
function watchRounds(): Promise<{ visited: number; deleted: number }>[] {
  const rounds: Promise<{ visited: number; deleted: number }>[] = [];
  const purge = SqlSessionStore.prototype.purge;
  vi.spyOn(SqlSessionStore.prototype, 'purge').mockImplementation(function (this: SqlSessionStore, round) {
    const outcome = purge.call(this, round);
    rounds.push(outcome);
    return outcome;
  });
  return rounds;
}

async function signInTimes(times: number, userId = ADA): Promise<TokenPair[]> {
  const pairs: TokenPair[] = [];
  while (pairs.length < times) pairs.push(await app.auth.login(userId));
  return pairs;
}

const using = ({ access_token }: TokenPair) => verdictOf(app.auth.authenticate(access_token));
const refreshing = ({ refresh_token }: TokenPair) => verdictOf(app.auth.refresh(refresh_token));
const guids = () => allRows(app).map(({ guid }) => guid);

afterEach(async () => {
  vi.restoreAllMocks();
  await second?.close();
  second = undefined;
  await app.close();
});

describe('purge on its schedule', () => {
  it('comes by itself once the app is up', async () => {
    await start({ purge: { every: 20, retention: 0 } });
    const purged = new Promise((done) => app.nest.get(SessionEvents).on('purged', done));
    const [ended, live] = [await app.auth.login(ADA), await app.auth.login(ADA)];
    await app.auth.logout({ accessToken: ended.access_token });
    expect(await purged).toMatchObject({ count: 1 });
    expect(allRows(app).map(({ guid }) => guid)).toEqual([live.session.guid]);
  });
});

describe('purge', () => {
  it('deletes ended, expired and idle rows past the retention, each to the millisecond, and no live one', async () => {
    await start({ idleTimeout: '30m', absoluteTimeout: '1h', purge: { retention: '1d' } });
    const [ended, idle, first] = (await signInTimes(3)) as [TokenPair, TokenPair, TokenPair];
    const began = app.clock.now();
    app.clock.advance(10 * MINUTE);
    await app.registry.revoke(ADA, ended.session.guid);
    let expired = first;
    for (let times = 0; times < 2; times++) {
      app.clock.advance(15 * MINUTE);
      expired = await app.auth.refresh(expired.refresh_token);
    }
    const gone: string[] = [];
    for (const [pair, end] of [
      [ended, 10 * MINUTE],
      [idle, 30 * MINUTE],
      [expired, HOUR],
    ] as const) {
      app.clock.advance(began + end + DAY - 1 - app.clock.now());
      const live = await app.auth.login(ADA);
      expect(await app.registry.purge()).toBe(0);
      expect(guids()).toContain(pair.session.guid);
      app.clock.advance(1);

      expect(await app.registry.purge()).toBe(1);

      gone.push(pair.session.guid);
      expect(guids().filter((guid) => gone.includes(guid))).toEqual([]);
      expect([await using(live), await refreshing(live)]).toEqual(['accepted', 'accepted']);
    }
    expect(guids()).toHaveLength(3);
    expect(eventsNamed(app, 'purged').map(({ count }) => count)).toEqual([1, 1, 1]);
  });

  it('keeps an ended session in the list until then', async () => {
    await start({ purge: { retention: '1d' } });
    const [pair] = await signInTimes(1);
    await app.registry.revokeAll(ADA);
    app.clock.advance(DAY - 1);
    await app.registry.purge();
    expect(await app.registry.listEnded(ADA)).toMatchObject([{ guid: pair?.session.guid, endReason: 'revoked_all' }]);
    app.clock.advance(1);
    await app.registry.purge();
    expect(await app.registry.listEnded(ADA)).toEqual([]);
  });

  it('goes in batches, each no larger than asked, until nothing is left', async () => {
    await start({ purge: { batch: 3, retention: 0 } });
    await signInTimes(10);
    const live = await app.auth.login('id-of-bob');
    await app.registry.revokeAll(ADA);
    const rounds = watchRounds();

    expect(await app.registry.purge()).toBe(10);

    expect((await Promise.all(rounds)).map(({ deleted }) => deleted)).toEqual([3, 3, 3, 1]);
    expect(guids()).toEqual([live.session.guid]);
    expect(eventsNamed(app, 'purged')).toEqual([{ count: 10, at: app.clock.now() }]);
  });

  it('tells nothing when there was nothing to delete', async () => {
    await start({ purge: { batch: 3, retention: 0 } });
    await signInTimes(4);
    expect(await app.registry.purge()).toBe(0);
    expect(guids()).toHaveLength(4);
    expect(eventsNamed(app, 'purged')).toEqual([]);
  });

  it('refuses the tokens of a row that is gone as session_unknown', async () => {
    await start({ purge: { retention: 0 } });
    const pair = await app.client.signIn();
    expect((await app.client.profile(pair.access_token)).status).toBe(200);
    await app.registry.revokeAll(ADA);
    expect([await using(pair), await refreshing(pair)]).toEqual(['session_ended', 'session_ended']);

    expect(await app.registry.purge()).toBe(1);

    expect([await using(pair), await refreshing(pair)]).toEqual(['session_unknown', 'session_unknown']);
    const access = await app.client.profile(pair.access_token);
    const refresh = await app.client.refresh<unknown>(pair.refresh_token);
    expect([access.status, refresh.status]).toEqual([401, 401]);
    expect(access.body).toMatchObject({ code: 'invalid_token' });
    expect(refresh.body).toMatchObject({ code: 'invalid_grant' });
    expect((await app.client.logout({ token: pair.access_token })).status).toBe(204);
  });

  it('gives an old refresh token nothing to end once its row is gone', async () => {
    await start({ purge: { retention: 0 } });
    const [first, other] = (await signInTimes(2)) as [TokenPair, TokenPair];
    await app.auth.refresh((await app.auth.refresh(first.refresh_token)).refresh_token);
    await app.registry.revoke(ADA, first.session.guid);
    await app.registry.purge();
    expect(await refreshing(first)).toBe('session_unknown');
    expect(await refreshing(other)).toBe('accepted');
    expect(eventsNamed(app, 'reused')).toEqual([]);
  });
});

describe('purge beside other work', () => {
  it('deletes each row once with a second purge beside it, in this process and in another', async () => {
    await start({ purge: { batch: 4, retention: 0 } });
    second = await startApp({ file: app.file, clock: app.clock, options: { purge: { batch: 4, retention: 0 } } });
    await signInTimes(50);
    await app.registry.revokeAll(ADA);
    const [live] = await signInTimes(1);

    const counts = await Promise.all([app.registry.purge(), app.registry.purge(), second.registry.purge()]);

    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(50);
    expect(guids()).toEqual([live?.session.guid]);
    expect(live && (await refreshing(live))).toBe('accepted');
  });

  it('is safe beside sign-ins, renewals and sign-outs', async () => {
    await start({ purge: { batch: 2, retention: 0 } });
    await signInTimes(20);
    await app.registry.revokeAll(ADA);
    const pairs = await signInTimes(10);
    const [purged, renewed] = await Promise.all([
      app.registry.purge(),
      Promise.all(pairs.map(({ refresh_token }) => app.auth.refresh(refresh_token))),
      signInTimes(10),
    ]);
    expect(purged).toBe(20);
    expect(await Promise.all(renewed.map(using))).toEqual(Array(10).fill('accepted'));
    expect(guids()).toHaveLength(20);
  });
});
