import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AuthModuleOptions, TokenPair } from 'nestjs-session-registry';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import { startApp, type TestApp } from '../support/app.js';
import { HOUR, MINUTE } from '../support/times.js';
import { allRows, rowOf, verdictOf, watchWrites } from '../support/inspect.js';

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

const refreshing = ({ refresh_token }: TokenPair) => verdictOf(app.auth.refresh(refresh_token));
const guids = () => allRows(app).map(({ guid }) => guid);

afterEach(async () => {
  vi.restoreAllMocks();
  await second?.close();
  second = undefined;
  await app.close();
});

describe('a row that comes up for purge and was kept active', () => {
  const options = { idleTimeout: '30m', absoluteTimeout: '2h', purge: { batch: 2, retention: 0 } } as const;

  it('is looked at again at its next possible end, and changes in nothing else', async () => {
    await start(options);
    const pair = await app.auth.login(ADA);
    const began = app.clock.now();
    expect(rowOf(app, pair.session.guid).purgeAt).toBe(began + 30 * MINUTE);
    app.clock.advance(20 * MINUTE);
    const next = await app.auth.refresh(pair.refresh_token);
    app.clock.advance(10 * MINUTE);
    const row = rowOf(app, pair.session.guid);

    expect(await app.registry.purge()).toBe(0);

    expect(rowOf(app, pair.session.guid)).toEqual({ ...row, purgeAt: began + 50 * MINUTE });
    expect(await refreshing(next)).toBe('accepted');
    app.clock.advance(20 * MINUTE);
    expect(await app.registry.purge()).toBe(0);
    expect(rowOf(app, pair.session.guid).purgeAt).toBe(began + HOUR);
    app.clock.advance(10 * MINUTE - 1);
    expect(await app.registry.purge()).toBe(0);
    app.clock.advance(1);
    expect(await app.registry.purge()).toBe(1);
    expect(guids()).toEqual([]);
  });

  it('is not written again by a purge before that', async () => {
    await start(options);
    const pair = await app.auth.login(ADA);
    app.clock.advance(20 * MINUTE);
    await app.auth.refresh(pair.refresh_token);
    app.clock.advance(10 * MINUTE);
    const writes = watchWrites(app);
    await app.registry.purge();
    expect(writes(pair.session.guid)).toBe(1);
    await app.registry.purge();
    app.clock.advance(20 * MINUTE - 1);
    await app.registry.purge();
    expect(writes(pair.session.guid)).toBe(1);
  });

  it('is never put off past its absolute end', async () => {
    await start(options);
    let pair = await app.auth.login(ADA);
    const end = app.clock.now() + 2 * HOUR;
    for (let times = 0; times < 5; times++) {
      app.clock.advance(20 * MINUTE);
      pair = await app.auth.refresh(pair.refresh_token);
    }
    expect(await app.registry.purge()).toBe(0);
    expect(rowOf(app, pair.session.guid).purgeAt).toBe(end);
    app.clock.advance(20 * MINUTE - 1);
    expect(await app.registry.purge()).toBe(0);
    app.clock.advance(1);
    expect(await app.registry.purge()).toBe(1);
  });

  it('does not hide the dead rows behind it, though it fills whole batches', async () => {
    await start(options);
    const kept = await signInTimes(5);
    app.clock.advance(1);
    const dead = await signInTimes(3);
    app.clock.advance(20 * MINUTE);
    for (const pair of kept) await app.auth.refresh(pair.refresh_token);
    app.clock.advance(10 * MINUTE);
    const rounds = watchRounds();

    expect(await app.registry.purge()).toBe(dead.length);

    const outcomes = await Promise.all(rounds);
    expect(outcomes.every(({ visited }) => visited <= 2)).toBe(true);
    expect(outcomes.reduce((sum, { visited }) => sum + visited, 0)).toBe(8);
    expect(guids().sort()).toEqual(kept.map(({ session }) => session.guid).sort());
  });

  it('comes up only after its absolute end without an idle limit', async () => {
    await start({ absoluteTimeout: '1h', purge: { retention: 0 } });
    const pair = await app.auth.login(ADA);
    expect(rowOf(app, pair.session.guid).purgeAt).toBe(app.clock.now() + HOUR);
    app.clock.advance(HOUR - 1);
    expect(await app.registry.purge()).toBe(0);
    app.clock.advance(1);
    expect(await app.registry.purge()).toBe(1);
  });
});
