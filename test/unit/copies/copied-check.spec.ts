import { beforeEach, describe, expect, it } from 'vitest';
import type { SessionLimits } from '../../../src/options/session-options.js';
import { CopiedCheck } from '../../../src/copies/copied.check.js';
import { type FoundCopy, SessionCopies } from '../../../src/copies/session-copies.js';
import { TokenCheck, type Verdict } from '../../../src/revocation/token-check.js';
import type { SessionState } from '../../../src/sessions/session.js';
import type { TokenClaims } from '../../../src/tokens/claims.js';
import { TestClock } from '../../../src/testing/test-clock.js';
import { DAY, HOUR, MINUTE, SECOND } from '../../support/times.js';

const LIMITS: SessionLimits = {
  ...{ absoluteTimeout: DAY, idleTimeout: HOUR, reuseInterval: 10 * SECOND, touchInterval: MINUTE },
  maxSessions: null,
  whenFull: 'evict',
};
const claims = (refTokID = 'second') => ({ sub: 'ada', guid: 'one', refTokID }) as TokenClaims;

class OneCopy extends SessionCopies<string> {
  found: FoundCopy<string> = {};
  readonly kept: unknown[] = [];
  override find(_: unknown, activeAfter: number): FoundCopy<string> {
    const { state } = this.found;
    return state && state.lastActiveAt <= activeAfter ? { permit: 'anew' } : this.found;
  }
  override keep(...kept: unknown[]): void {
    this.kept.push(kept);
  }
  override async drop(): Promise<void> {}
}

class Next extends TokenCheck {
  asked = 0;
  verdict: Verdict = { ok: false, reason: 'session_ended' };
  override async check(): Promise<Verdict> {
    this.asked++;
    return this.verdict;
  }
}

let clock: TestClock;
let copies: OneCopy;
let next: Next;
let live: SessionState;
const verdictOn = (token = claims()) => new CopiedCheck(copies, next, LIMITS, clock).check(token);

beforeEach(() => {
  clock = new TestClock();
  copies = new OneCopy();
  next = new Next();
  const at = clock.now();
  live = {
    ...{ refTokID: 'second', predecessor: 'first', rotatedAt: at, usedAt: at },
    ...{ lastActiveAt: at, expiresAt: at + DAY, endedAt: null, endReason: null },
  };
});

describe('the check of a copy', () => {
  it('says yes if the copy does, without asking further', async () => {
    copies.found = { state: live };
    expect(await verdictOn()).toEqual({ ok: true, lastActiveAt: live.lastActiveAt, state: live });
    expect(await verdictOn(claims('first'))).toMatchObject({ ok: true });
    expect(next.asked).toBe(0);
  });

  it('never says no by itself', async () => {
    next.verdict = { ok: true, lastActiveAt: 7 };
    const doubts: [string, Partial<SessionState>, string][] = [
      ['an ended session', { endedAt: clock.now(), endReason: 'revoked' }, 'second'],
      ['one over by time', { expiresAt: clock.now() }, 'second'],
      ['a generation it does not know', {}, 'third'],
    ];
    for (const [, changed, token] of doubts) {
      copies.found = { state: { ...live, ...changed } };
      expect(await verdictOn(claims(token))).toEqual({ ok: true, lastActiveAt: 7 });
    }
    clock.advance(10 * SECOND);
    copies.found = { state: live };
    expect(await verdictOn(claims('first'))).toEqual({ ok: true, lastActiveAt: 7 });
    expect(next.asked).toBe(doubts.length + 1);
  });

  it('asks the row when a touch is due', async () => {
    copies.found = { state: live };
    clock.advance(MINUTE - 1);
    expect(await verdictOn()).toMatchObject({ ok: true });
    clock.advance(1);
    expect(await verdictOn()).toEqual({ ok: false, reason: 'session_ended' });
    expect(copies.kept).toEqual([]);
  });

  it('is made anew once the touch was written, and not before', async () => {
    copies.found = { state: live };
    clock.advance(MINUTE);
    next.verdict = { ok: true, lastActiveAt: live.lastActiveAt, state: live };
    expect(await verdictOn()).toBe(next.verdict);
    expect(copies.kept).toEqual([]);
    const touched = { ...live, lastActiveAt: clock.now() };
    next.verdict = { ok: true, lastActiveAt: touched.lastActiveAt, state: touched };
    expect(await verdictOn()).toBe(next.verdict);
    expect(copies.kept).toEqual([[{ userId: 'ada', guid: 'one' }, touched, 'anew']]);
  });

  it('keeps what a yes was read from, with the permit it was given', async () => {
    copies.found = { permit: 'permit' };
    next.verdict = { ok: true, lastActiveAt: live.lastActiveAt, state: live };
    expect(await verdictOn()).toBe(next.verdict);
    expect(copies.kept).toEqual([[{ userId: 'ada', guid: 'one' }, live, 'permit']]);
  });

  it.each<[string, FoundCopy<string>, (state: SessionState) => Verdict]>([
    ['without a permit', {}, (state) => ({ ok: true, lastActiveAt: state.lastActiveAt, state })],
    ['of a yes that will not be said again', { permit: 'permit' }, ({ lastActiveAt }) => ({ ok: true, lastActiveAt })],
    ['of a no', { permit: 'permit' }, () => ({ ok: false, reason: 'session_ended' })],
  ])('keeps nothing %s', async (_, found, verdict) => {
    copies.found = found;
    next.verdict = verdict(live);
    expect(await verdictOn()).toBe(next.verdict);
    expect(copies.kept).toEqual([]);
  });
});
