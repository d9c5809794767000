import { beforeEach, describe, expect, it } from 'vitest';
import type { CheckKind } from '../../src/options/revocation-options.js';
import { DenyingStore } from '../../src/revocation/denying-store.js';
import { DenylistCheck } from '../../src/revocation/denylist.check.js';
import { type Denial, Denylist } from '../../src/revocation/denylist.js';
import { ExpiryCheck } from '../../src/revocation/expiry.check.js';
import type { TokenCheck } from '../../src/revocation/token-check.js';
import { RevocationChecks } from '../../src/revocation/revocation-checks.js';
import { ValidTokenFromCheck } from '../../src/revocation/valid-token-from.check.js';
import type { Session } from '../../src/sessions/session.js';
import { ALL_CUT_OFF, type CutoffMark, isCutOff, laterMark, NO_CUTOFF } from '../../src/sessions/cutoff.js';
import type { OpenRules, SessionStore } from '../../src/sessions/session-store.js';
import { MemoryDenylist } from '../../src/storage/memory/memory-denylist.js';
import { MemorySessionStore } from '../../src/storage/memory/memory-session.store.js';
import type { TokenClaims } from '../../src/tokens/claims.js';
import { TestClock } from '../../src/testing/test-clock.js';
import { MINUTE } from '../support/times.js';
import { cutOffWhole } from '../../src/testing/cut-off-whole.js';

const TTL = 5 * MINUTE;
const TOLERANCE = MINUTE;
const RULES: OpenRules = { maxSessions: null, whenFull: 'evict', idleBefore: 0 };
const ACCEPTED = { ok: true, lastActiveAt: 0 };

const claimsOf = (given: Partial<TokenClaims>) => ({ sub: 'ada', guid: 'one', ticket: 0, ...given }) as TokenClaims;

describe('a cutoff', () => {
  it.each<[CutoffMark, { guid: string; ticket: number }, boolean]>([
    [NO_CUTOFF, { guid: 'one', ticket: 0 }, false],
    [{ ticket: 3, kept: null }, { guid: 'one', ticket: 2 }, true],
    [{ ticket: 3, kept: null }, { guid: 'one', ticket: 3 }, false],
    [{ ticket: 3, kept: null }, { guid: 'one', ticket: 4 }, false],
    [{ ticket: 3, kept: 'one' }, { guid: 'one', ticket: 2 }, false],
    [{ ticket: 3, kept: 'two' }, { guid: 'one', ticket: 2 }, true],
  ])('%j covers a token of %j: %s', (mark, token, covered) => {
    expect(isCutOff(mark, token)).toBe(covered);
  });

  it.each<[string, CutoffMark, CutoffMark, CutoffMark]>([
    ['the later of two', { ticket: 2, kept: 'a' }, { ticket: 3, kept: 'b' }, { ticket: 3, kept: 'b' }],
    ['what both of one number keep', { ticket: 3, kept: 'a' }, { ticket: 3, kept: 'a' }, { ticket: 3, kept: 'a' }],
    ['nothing they differ in', { ticket: 3, kept: 'a' }, { ticket: 3, kept: 'b' }, { ticket: 3, kept: null }],
    ['nothing one of them ended', { ticket: 3, kept: 'a' }, { ticket: 3, kept: null }, { ticket: 3, kept: null }],
  ])('that meets another keeps %s, in whatever order they come', (_, one, other, held) => {
    expect([laterMark(one, other), laterMark(other, one)]).toEqual([held, held]);
  });
});

describe('the check', () => {
  it('expiry asks nobody', async () => {
    expect(await new ExpiryCheck().check()).toEqual(ACCEPTED);
  });

  it('validTokenFrom refuses what its user was cut off from, and asks for that session', async () => {
    const asked: unknown[] = [];
    const cutoffOf = async (key: unknown) => {
      asked.push(key);
      return { ticket: 3, kept: 'two' };
    };
    const check = new ValidTokenFromCheck({ cutoffOf } as unknown as SessionStore);
    expect(await check.check(claimsOf({ ticket: 2 }))).toEqual({ ok: false, reason: 'cut_off' });
    expect(await check.check(claimsOf({ ticket: 3 }))).toEqual(ACCEPTED);
    expect(await check.check(claimsOf({ ticket: 2, guid: 'two' }))).toEqual(ACCEPTED);
    const [one, two] = [
      { userId: 'ada', guid: 'one' },
      { userId: 'ada', guid: 'two' },
    ];
    expect(asked).toEqual([one, one, two]);
  });

  it('denylist refuses what is denied by guid or by user, and asks for both', async () => {
    const asked: unknown[] = [];
    const checkOf = (denial: Denial) => {
      const find = async (key: unknown) => {
        asked.push(key);
        return denial;
      };
      return new DenylistCheck({ find } as unknown as Denylist);
    };
    const verdict = (denial: Denial, ticket = 2) => checkOf(denial).check(claimsOf({ ticket }));
    expect(await verdict({ session: true, user: NO_CUTOFF })).toEqual({ ok: false, reason: 'session_ended' });
    expect(await verdict({ session: false, user: { ticket: 3, kept: null } })).toEqual({
      ok: false,
      reason: 'cut_off',
    });
    expect(await verdict({ session: false, user: { ticket: 3, kept: 'one' } })).toEqual(ACCEPTED);
    expect(await verdict({ session: false, user: NO_CUTOFF })).toEqual(ACCEPTED);
    expect(asked[0]).toEqual({ userId: 'ada', guid: 'one' });
  });

  it('denylist fails closed', async () => {
    const cause = new Error('away');
    const check = new DenylistCheck({ find: () => Promise.reject(cause) } as unknown as Denylist);
    await expect(check.check(claimsOf({}))).rejects.toMatchObject({
      code: 'unavailable',
      reason: 'store_failed',
      cause,
    });
  });

  it('of a kind is the one of that kind, or the standard one, and never another', () => {
    const [session, expiry] = [new ExpiryCheck(), new ExpiryCheck()] as [TokenCheck, TokenCheck];
    const checks = new RevocationChecks({ session, expiry }, session);
    expect([checks.of(), checks.of('session'), checks.of('expiry')].map((one) => one === session)).toEqual([
      true,
      true,
      false,
    ]);
    expect(checks.of('expiry')).toBe(expiry);
    expect(() => checks.of('denylist' as CheckKind)).toThrow(
      "AuthModule option `revocation.denylist`: a route asks for the check 'denylist', but there is no denylist. " +
        "Set it, for example to 'database'.",
    );
  });
});

describe('a store that denies what it ends', () => {
  let clock: TestClock;
  let beneath: MemorySessionStore;
  let denylist: MemoryDenylist;
  let store: DenyingStore;
  let until: number[];

  beforeEach(() => {
    clock = new TestClock();
    beneath = new MemorySessionStore();
    denylist = new MemoryDenylist();
    store = new DenyingStore(beneath, denylist, TTL, clock);
    until = [];
    const { denySession, denyUser } = MemoryDenylist.prototype;
    denylist.denySession = (key, moment) => {
      until.push(moment);
      return denySession.call(denylist, key, moment);
    };
    denylist.denyUser = (userId, mark, moment) => {
      until.push(moment);
      return denyUser.call(denylist, userId, mark, moment);
    };
  });

  const denied = async (guid: string) => (await denylist.find({ userId: 'ada', guid })).session;
  const ending = () => ({ reason: 'revoked', at: clock.now(), idleBefore: 0 }) as const;
  async function open(guid: string, rules: Partial<OpenRules> = {}) {
    const at = clock.now();
    const session: Session = {
      ...{ guid, userId: 'ada', refTokID: 'first', predecessor: null, rotatedAt: null, usedAt: null, endedAt: null },
      ...{ ticket: await store.currentTicket(), name: null, userAgent: null, ip: null, createdAt: at, endReason: null },
      ...{ lastActiveAt: at, expiresAt: at + 100 * MINUTE, purgeAt: at + 100 * MINUTE },
    };
    return store.open(session, { ...RULES, ...rules });
  }

  it('denies one session until its last token has ended, by whichever clock', async () => {
    await open('one');
    await open('two');
    expect(await store.end({ userId: 'ada', guid: 'one' }, ending())).toBe('ended');
    expect([await denied('one'), await denied('two')]).toEqual([true, false]);
    expect(until).toEqual([clock.now() + TTL + TOLERANCE]);
  });

  it('denies again what had ended before, and nothing of somebody else or of nobody', async () => {
    await open('one');
    await beneath.end({ userId: 'ada', guid: 'one' }, ending());
    expect(await store.end({ userId: 'bob', guid: 'one' }, ending())).toBe('unknown');
    expect(await denied('one')).toBe(false);
    expect(await store.end({ userId: 'ada', guid: 'one' }, ending())).toBe('over');
    expect(await denied('one')).toBe(true);
    await store.end({ userId: 'ada', guid: 'none' }, ending());
    expect(await denied('none')).toBe(false);
  });

  it('denies what a sign-in replaced or evicted', async () => {
    await open('one');
    clock.advance(1);
    await open('two', { replaces: 'one' });
    expect([await denied('one'), await denied('two')]).toEqual([true, false]);
    clock.advance(1);
    await open('three', { maxSessions: 1 });
    expect([await denied('two'), await denied('three')]).toEqual([true, false]);
  });

  it('denies nothing for a sign-in that was refused', async () => {
    await open('one');
    const refused = { opened: false, why: 'full' } as const;
    beneath.open = async () => refused;
    expect(await open('two', { replaces: 'one' })).toBe(refused);
    expect(until).toEqual([]);
  });

  it('denies a user by their cutoff, but for the session it kept', async () => {
    await open('one');
    await open('two');
    expect(await cutOffWhole(store, { userId: 'ada', keep: 'two', ...ending() })).toBe(1);
    const { user } = await denylist.find({ userId: 'ada', guid: 'one' });
    expect(user).toEqual(await beneath.cutoffOf({ userId: 'ada', guid: 'one' }));
    expect(user).toEqual({ ticket: 1, kept: 'two' });
    expect(until).toEqual([clock.now() + TTL + TOLERANCE]);
  });

  it('denies a user whose cutoff is stored, though its ends are not', async () => {
    await open('one');
    beneath.endBatch = () => Promise.reject(new Error('away'));
    await expect(cutOffWhole(store, { userId: 'ada', ...ending() })).rejects.toThrow('away');
    expect((await denylist.find({ userId: 'ada', guid: 'one' })).user).toEqual({ ticket: 1, kept: null });
  });

  it('denies each session that is too many for a limit, also one that somebody else ended', async () => {
    await open('one');
    beneath.endBatch = async () => ({ ended: 1, over: ['one', 'two'] });
    const upTo = { guid: 'two', createdAt: 1, lastActiveAt: 1 };
    await store.endBatch({ userId: 'ada', mark: ALL_CUT_OFF, upTo, ...ending() });
    for (const guid of ['one', 'two']) expect((await denylist.find({ userId: 'ada', guid })).session).toBe(true);
    expect((await denylist.find({ userId: 'ada', guid: 'three' })).session).toBe(false);
  });

  it('denies everybody by their own cutoff, for as long', async () => {
    await open('one');
    await cutOffWhole(store, { userId: 'bob', ...ending() });
    until.length = 0;
    expect(await cutOffWhole(store, { userId: null, ...ending() })).toBe(1);
    await cutOffWhole(store, { userId: 'bob', ...ending() });
    expect(await denylist.find({ userId: 'ada', guid: 'one' })).toEqual({
      session: false,
      user: { ticket: 2, kept: null },
    });
    expect((await denylist.find({ userId: 'bob', guid: 'one' })).user).toEqual({ ticket: 3, kept: null });
    expect(until[0]).toBe(clock.now() + TTL + TOLERANCE);
  });

  it('drops entries that are over as it purges, and purges', async () => {
    await open('one');
    await store.end({ userId: 'ada', guid: 'one' }, ending());
    await cutOffWhole(store, { userId: 'ada', ...ending() });
    const round = { at: clock.now(), deadBefore: clock.now(), idleTimeout: null, limit: 10 };
    expect(await store.purge(round)).toEqual({ deleted: 1, visited: 1 });
    clock.advance(TTL + TOLERANCE);
    await store.purge(round);
    expect(await denylist.find({ userId: 'ada', guid: 'one' })).toEqual({
      session: true,
      user: { ticket: 1, kept: null },
    });
    clock.advance(1);
    await store.purge(round);
    expect(await denylist.find({ userId: 'ada', guid: 'one' })).toEqual({ session: false, user: NO_CUTOFF });
  });
});
