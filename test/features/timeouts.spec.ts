import { afterEach, describe, expect, it } from 'vitest';
import type { AuthModuleOptions, EndedSessionView, TokenPair } from 'nestjs-session-registry';
import { startApp, type TestApp } from '../support/app.js';
import { TestClock } from '../../src/testing/test-clock.js';
import { DAY, HOUR, MINUTE, SECOND } from '../support/times.js';
import { rowOf, rowsOf, verdictOf } from '../support/inspect.js';

const ADA = 'id-of-ada';
/** Not at the start of a second: tokens count in seconds, rows in milliseconds. */
const BETWEEN_SECONDS = Date.UTC(2026, 0, 1) + 437;
let app: TestApp;

async function start(options: Partial<AuthModuleOptions> = {}, clock = new TestClock()): Promise<void> {
  app = await startApp({ options, clock });
}

const refreshing = ({ refresh_token }: TokenPair) => verdictOf(app.auth.refresh(refresh_token));
const using = ({ access_token }: TokenPair) => verdictOf(app.auth.authenticate(access_token));
const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
const ends = (views: EndedSessionView[]) => views.map(({ guid, endedAt, endReason }) => [guid, endedAt, endReason]);
/** Milliseconds until the session's absolute end, as its row has it. */
const left = ({ session }: TokenPair) => rowOf(app, session.guid).expiresAt - app.clock.now();

afterEach(() => app.close());

describe('the life of an access token', () => {
  it('is the configured one, to the millisecond', async () => {
    await start({ accessTtl: '1s' });
    const pair = await app.auth.login(ADA);
    expect(pair.expires_in).toBe(1);
    app.clock.advance(999);
    expect(await using(pair)).toBe('accepted');
    app.clock.advance(1);
    expect(await using(pair)).toBe('token_expired');
  });

  it('never reaches past the end of its session', async () => {
    await start({ absoluteTimeout: '1h' });
    const first = await app.auth.login(ADA);
    app.clock.advance(HOUR - MINUTE);
    const last = await app.auth.refresh(first.refresh_token);
    expect([last.expires_in, last.refresh_expires_in]).toEqual([60, 60]);
    app.clock.advance(MINUTE - 1);
    expect(await using(last)).toBe('accepted');
    app.clock.advance(1);
    expect(await using(last)).toBe('token_expired');
  });
});

it('a session ends in time by the options for AAL2 of NIST SP 800-63B: after an hour idle, and after 24 h', async () => {
  await start({ absoluteTimeout: '24h', idleTimeout: '1h' });
  const [idle, first] = [await app.auth.login(ADA), await app.auth.login(ADA)];
  let busy = first;
  app.clock.advance(HOUR - 1);
  busy = await app.auth.refresh(busy.refresh_token);
  app.clock.advance(1);
  expect(await refreshing(idle)).toBe('session_idle');
  for (let hours = 1; hours < 24; hours++) {
    app.clock.advance(HOUR - 2);
    busy = await app.auth.refresh(busy.refresh_token);
  }
  app.clock.advance(left(busy) - 1);
  expect(await refreshing(busy)).toBe('accepted');
  app.clock.advance(1);
  expect([app.clock.now() - Date.parse(first.session.createdAt), await refreshing(busy)]).toEqual([
    DAY,
    'token_expired',
  ]);
});

describe('idleTimeout', () => {
  const options = { idleTimeout: '30m', accessTtl: '1h' } as const;

  it('ends the session at exactly that long after it was last active', async () => {
    await start(options);
    const [pair, control] = [await app.auth.login(ADA), await app.auth.login(ADA)];
    app.clock.advance(30 * MINUTE - 1);
    expect([await using(pair), await using(control), await refreshing(control)]).toEqual(Array(3).fill('accepted'));
    app.clock.advance(1);
    expect([await using(pair), await refreshing(pair)]).toEqual(['session_idle', 'session_idle']);
    expect(await refreshing(control)).toBe('accepted');
    expect(rowOf(app, pair.session.guid).endedAt).toBeNull();
  });

  it('counts from the last renewal and the last touch', async () => {
    await start(options);
    const pair = await app.auth.login(ADA);
    app.clock.advance(20 * MINUTE);
    const next = await app.auth.refresh(pair.refresh_token);
    app.clock.advance(20 * MINUTE);
    await app.auth.authenticate(next.access_token, {});
    expect(await app.registry.flushTouches()).toBe(1);
    app.clock.advance(30 * MINUTE - 1);
    expect(await using(next)).toBe('accepted');
    app.clock.advance(1);
    expect([await using(next), await refreshing(next)]).toEqual(['session_idle', 'session_idle']);
    expect(ends(await app.registry.listEnded(ADA))).toEqual([[pair.session.guid, iso(app.clock.now()), 'idle']]);
  });

  it('is final: renewing changes nothing, and signing out writes it down as what it was', async () => {
    await start(options);
    const [pair, control] = [await app.auth.login(ADA), await app.auth.login(ADA)];
    const { guid } = pair.session;
    app.clock.advance(30 * MINUTE - 1);
    expect(await refreshing(control)).toBe('accepted');
    app.clock.advance(1);
    const row = rowOf(app, guid);

    expect(await refreshing(pair)).toBe('session_idle');
    expect(rowOf(app, guid)).toEqual(row);
    await app.auth.logout({ accessToken: pair.access_token });
    expect(await app.registry.revoke(ADA, guid)).toBe(true);
    expect(await app.registry.revokeOthers(ADA, control.session.guid)).toBe(0);

    const endedAt = app.clock.now();
    expect(rowOf(app, guid)).toEqual({ ...row, endedAt, endReason: 'idle', purgeAt: endedAt });
    expect(ends(await app.registry.listEnded(ADA))).toEqual([[guid, iso(app.clock.now()), 'idle']]);
  });

  it('cannot be taken back by a clock that runs behind, once the session was signed out', async () => {
    await start(options);
    const [pair, control] = [await app.auth.login(ADA), await app.auth.login(ADA)];
    app.clock.advance(30 * MINUTE);
    await app.auth.logout({ accessToken: pair.access_token });
    app.clock.advance(-HOUR);
    app.clock.advance(31 * MINUTE);
    expect(await refreshing(control)).toBe('accepted');
    expect(await refreshing(pair)).toBe('session_idle');
  });

  it('leaves no live session behind to be named', async () => {
    await start(options);
    const pair = await app.auth.login(ADA);
    expect(await app.registry.rename(ADA, pair.session.guid, 'Desk')).toMatchObject({ name: 'Desk' });
    app.clock.advance(30 * MINUTE);
    expect(await app.registry.list(ADA)).toEqual([]);
    expect(await app.registry.rename(ADA, pair.session.guid, 'Ghost')).toBeUndefined();
    expect(rowOf(app, pair.session.guid).name).toBe('Desk');
  });

  it('does not exist unless it is asked for', async () => {
    await start();
    const pair = await app.auth.login(ADA);
    app.clock.advance(30 * DAY - 1);
    expect(await refreshing(pair)).toBe('accepted');
  });
});

describe('absoluteTimeout', () => {
  it('lets a session that renews every four minutes live for 30 days, and ends it at exactly 30 d 0 s', async () => {
    await start();
    let pair = await app.auth.login(ADA);
    const end = rowOf(app, pair.session.guid).expiresAt;
    expect(end - app.clock.now()).toBe(30 * DAY);
    const promised: boolean[] = [];
    while (app.clock.now() + 4 * MINUTE < end) {
      app.clock.advance(4 * MINUTE);
      pair = await app.auth.refresh(pair.refresh_token);
      promised.push(pair.refresh_expires_in * SECOND <= end - app.clock.now());
    }
    expect(promised).toEqual(Array(10_799).fill(true));
    expect(rowOf(app, pair.session.guid).expiresAt).toBe(end);
    app.clock.advance(4 * MINUTE - 1);
    expect([await using(pair), await refreshing(pair)]).toEqual(['accepted', 'accepted']);

    app.clock.advance(1);

    expect(app.clock.now()).toBe(end);
    expect([await using(pair), await refreshing(pair)]).toEqual(['token_expired', 'token_expired']);
    expect(ends(await app.registry.listEnded(ADA))).toEqual([[pair.session.guid, iso(end), 'expired']]);
    expect(rowsOf(app, ADA)).toHaveLength(1);
  }, 60_000);

  it('ends the session to the millisecond, even between two seconds, when the tokens alone would last longer', async () => {
    await start({ absoluteTimeout: '1h' }, new TestClock(BETWEEN_SECONDS));
    const first = await app.auth.login(ADA);
    app.clock.advance(58 * MINUTE);
    const last = await app.auth.refresh(first.refresh_token);
    app.clock.advance(2 * MINUTE - 1);
    expect([await using(last), await refreshing(last)]).toEqual(['accepted', 'accepted']);
    app.clock.advance(1);
    expect([await using(last), await refreshing(last)]).toEqual(['session_expired', 'session_expired']);
  });

  it.each([0, 1, 437, 999])(
    'never promises more than the session has left (signed in %d ms past a second)',
    async (ms) => {
      await start({ absoluteTimeout: '1h' }, new TestClock(Date.UTC(2026, 0, 1) + ms));
      let pair = await app.auth.login(ADA);
      for (let times = 0; times < 14; times++) {
        expect(pair.refresh_expires_in * SECOND).toBeLessThanOrEqual(left(pair));
        expect(pair.refresh_expires_in * SECOND).toBeGreaterThan(left(pair) - SECOND);
        app.clock.advance(4 * MINUTE + 100);
        pair = await app.auth.refresh(pair.refresh_token);
      }
      expect(pair.expires_in * SECOND).toBeLessThanOrEqual(left(pair));
    },
  );

  it('ends the session earlier if idleTimeout comes first, and shows the earlier end', async () => {
    await start({ absoluteTimeout: '1h', idleTimeout: '30m' });
    const [idle, both] = [await app.auth.login(ADA), await app.auth.login(ADA)];
    const began = app.clock.now();
    app.clock.advance(30 * MINUTE - 1);
    expect(await refreshing(both)).toBe('accepted');
    app.clock.advance(DAY);
    expect(ends(await app.registry.listEnded(ADA))).toEqual([
      [both.session.guid, iso(began + HOUR - 1), 'idle'],
      [idle.session.guid, iso(began + 30 * MINUTE), 'idle'],
    ]);
  });
});

describe('a refreshTtl shorter than the absoluteTimeout', () => {
  const options = { refreshTtl: '1d', absoluteTimeout: '7d' } as const;

  it('bounds the time between two renewals, not the session', async () => {
    await start(options);
    const [pair, control] = [await app.auth.login(ADA), await app.auth.login(ADA)];
    expect(pair.refresh_expires_in).toBe(DAY / SECOND);
    app.clock.advance(DAY - 1);
    expect(await refreshing(control)).toBe('accepted');
    app.clock.advance(1);
    expect(await refreshing(pair)).toBe('token_expired');
    expect(rowOf(app, pair.session.guid).endedAt).toBeNull();
    expect((await app.registry.list(ADA)).map(({ guid }) => guid)).toContain(pair.session.guid);
  });

  it('is renewed day by day, and ends after seven days with lifetimes that fit', async () => {
    await start(options);
    let pair = await app.auth.login(ADA);
    const end = app.clock.now() + 7 * DAY;
    const lifetimes: number[] = [];
    for (let half = 1; half < 14; half++) {
      app.clock.advance(DAY / 2);
      pair = await app.auth.refresh(pair.refresh_token);
      lifetimes.push(pair.refresh_expires_in);
    }
    expect(lifetimes).toEqual([...Array(12).fill(86_400), 43_200]);
    app.clock.advance(DAY / 2 - 1);
    expect(await refreshing(pair)).toBe('accepted');
    app.clock.advance(1);
    expect(app.clock.now()).toBe(end);
    expect(await refreshing(pair)).toBe('token_expired');
    expect(ends(await app.registry.listEnded(ADA))).toEqual([[pair.session.guid, iso(end), 'expired']]);
  });
});
