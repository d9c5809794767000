import { beforeEach, describe, expect, it } from 'vitest';
import type { SessionLimits } from '../../src/options/session-options.js';
import { SessionCheck } from '../../src/revocation/session.check.js';
import type { Session } from '../../src/sessions/session.js';
import type { SessionKey } from '../../src/sessions/session-store.js';
import { MemorySessionStore } from '../../src/storage/memory/memory-session.store.js';
import type { TokenClaims } from '../../src/tokens/claims.js';
import { TestClock } from '../../src/testing/test-clock.js';
import { DAY, HOUR, MINUTE, SECOND } from '../support/times.js';

const LIMITS: SessionLimits = {
  ...{ absoluteTimeout: 2 * DAY, idleTimeout: DAY, reuseInterval: 10 * SECOND, touchInterval: 0 },
  ...{ maxSessions: null, whenFull: 'evict' },
};
const KEY: SessionKey = { userId: 'ada', guid: 'one' };
const NOTHING = { userAgent: null, ip: null };

/** Keeps when a generation was marked as used. */
class WatchedStore extends MemorySessionStore {
  readonly marked: [guid: string, refTokID: string, at: number][] = [];
  fault: Error | undefined;

  override async markUsed(key: SessionKey, refTokID: string, at: number): Promise<void> {
    if (this.fault) throw this.fault;
    this.marked.push([key.guid, refTokID, at]);
    await super.markUsed(key, refTokID, at);
  }
}

let clock: TestClock;
let store: WatchedStore;
let opened: number;

/** The verdict on a token of this generation, of this session or of what else is said. */
async function verdictOn(refTokID: string, claims: Partial<TokenClaims> = {}, limits: Partial<SessionLimits> = {}) {
  const check = new SessionCheck(store, { ...LIMITS, ...limits }, clock);
  const verdict = await check.check({ sub: KEY.userId, guid: KEY.guid, refTokID, ...claims } as TokenClaims);
  return verdict.ok ? { ok: true, lastActiveAt: verdict.lastActiveAt } : verdict;
}

const rotate = (from: string, to: string) =>
  store.rotate({ ...KEY, ...NOTHING, from, to, at: clock.now(), idleBefore: 0 });

beforeEach(async () => {
  clock = new TestClock();
  store = new WatchedStore();
  opened = clock.now();
  const session: Session = {
    ...{ ...KEY, ...NOTHING, refTokID: 'first', predecessor: null, rotatedAt: null, usedAt: null, ticket: 0 },
    ...{ name: null, createdAt: opened, lastActiveAt: opened, expiresAt: opened + 2 * DAY, purgeAt: opened + DAY },
    ...{ endedAt: null, endReason: null },
  };
  await store.open(session, { maxSessions: null, whenFull: 'evict', idleBefore: 0 });
});

describe('the check of a session', () => {
  it('lets a live one in, and tells when it was active last', async () => {
    clock.advance(HOUR);
    expect(await verdictOn('first')).toEqual({ ok: true, lastActiveAt: opened });
    expect(store.marked).toEqual([]);
  });

  it('refuses one that the user does not have', async () => {
    const unknown = { ok: false, reason: 'session_unknown' };
    expect(await verdictOn('first', { sub: 'bob' })).toEqual(unknown);
    expect(await verdictOn('first', { guid: 'two' })).toEqual(unknown);
  });

  it.each<[string, number, Partial<SessionLimits>]>([
    ['session_idle', DAY, {}],
    ['session_expired', 2 * DAY, { idleTimeout: null }],
  ])('refuses one over by time with %s, from that moment on', async (reason, wait, limits) => {
    clock.advance(wait - 1);
    expect(await verdictOn('first', {}, limits)).toEqual({ ok: true, lastActiveAt: opened });
    clock.advance(1);
    expect(await verdictOn('first', {}, limits)).toEqual({ ok: false, reason });
  });

  it('refuses one that was ended', async () => {
    await store.end(KEY, { reason: 'revoked', at: clock.now(), idleBefore: 0 });
    expect(await verdictOn('first')).toEqual({ ok: false, reason: 'session_ended' });
  });
});

describe('the check of a generation', () => {
  it('records the first use of a successor, once', async () => {
    await rotate('first', 'second');
    clock.advance(MINUTE);
    const usedAt = clock.now();
    const verdict = { ok: true, lastActiveAt: opened };
    expect(await verdictOn('second')).toEqual(verdict);
    clock.advance(MINUTE);
    expect(await verdictOn('second')).toEqual(verdict);
    expect(store.marked).toEqual([['one', 'second', usedAt]]);
  });

  it('refuses a request whose first use could not be stored', async () => {
    await rotate('first', 'second');
    store.fault = new Error('the database is away');
    await expect(verdictOn('second')).rejects.toBe(store.fault);
  });

  it('takes the predecessor for no use of its successor', async () => {
    await rotate('first', 'second');
    clock.advance(HOUR);
    expect(await verdictOn('first')).toEqual({ ok: true, lastActiveAt: opened });
    expect(store.marked).toEqual([]);
  });

  it.each([
    [-1, { ok: true }],
    [0, { ok: false, reason: 'superseded' }],
  ])('honours the predecessor of a used successor within reuseInterval only (%i ms)', async (offset, verdict) => {
    await rotate('first', 'second');
    await verdictOn('second');
    clock.advance(10 * SECOND + offset);
    expect(await verdictOn('first')).toMatchObject(verdict);
  });

  it('refuses anything older', async () => {
    await rotate('first', 'second');
    await rotate('second', 'third');
    expect(await verdictOn('first')).toEqual({ ok: false, reason: 'superseded' });
    expect(store.marked).toEqual([]);
  });
});
