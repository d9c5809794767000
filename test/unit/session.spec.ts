import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { SessionLimits } from '../../src/options/session-options.js';
import {
  endOf,
  generationOf,
  idleBefore,
  isUnusedSuccessor,
  refusalOf,
  type SessionState,
} from '../../src/sessions/session.js';
import type { EndReason } from '../../src/wire.js';

const NOW = Date.UTC(2026, 0, 1);
const REUSE = 10_000;
const AROUND = [-1, 0, 1] as const;

function limitsOf(idleTimeout: number | null): SessionLimits {
  const rest = { maxSessions: null, whenFull: 'evict' } as const;
  return { absoluteTimeout: 90_000, idleTimeout, reuseInterval: REUSE, touchInterval: 0, ...rest };
}

function sessionOf(extra: Partial<SessionState> = {}): SessionState {
  return {
    ...{ refTokID: 'live', predecessor: null, rotatedAt: null, usedAt: null },
    ...{ lastActiveAt: NOW, expiresAt: NOW + 90_000, endedAt: null, endReason: null },
    ...extra,
  };
}

describe('endOf', () => {
  const expired = { endedAt: NOW + 90_000, endReason: 'expired' };
  const idle = { endedAt: NOW + 60_000, endReason: 'idle' };

  it.each([
    [-1, null],
    [0, expired],
    [1, expired],
  ])('takes a session for expired from its absolute end on (%i ms)', (offset, end) => {
    const session = sessionOf();
    expect(endOf(session, session.expiresAt + offset, limitsOf(null))).toEqual(end);
  });

  it.each([
    [-1, null],
    [0, idle],
    [1, idle],
  ])('takes a session for idle from the limit after its last activity on (%i ms)', (offset, end) => {
    expect(endOf(sessionOf(), NOW + 60_000 + offset, limitsOf(60_000))).toEqual(end);
  });

  it.each(AROUND)('names what came first when both are past (idle limit %i ms off the absolute end)', (offset) => {
    const end = endOf(sessionOf(), NOW + 200_000, limitsOf(90_000 + offset));
    expect(end).toEqual(offset < 0 ? { endedAt: NOW + 90_000 + offset, endReason: 'idle' } : expired);
  });

  it('ends nobody for being inactive without an idle limit', () => {
    const session = sessionOf({ lastActiveAt: 0 });
    expect(endOf(session, session.expiresAt - 1, limitsOf(null))).toBeNull();
  });

  it('tells the end that was written, though others are past', () => {
    const ended = sessionOf({ endedAt: NOW + 5, endReason: 'signed_out' });
    for (const now of [NOW, NOW + 5, NOW + 60_000, NOW + 200_000])
      expect(endOf(ended, now, limitsOf(60_000))).toEqual({ endedAt: NOW + 5, endReason: 'signed_out' });
  });

  it('takes an end at the time zero for an end', () => {
    expect(endOf(sessionOf({ endedAt: 0, endReason: 'revoked' }), NOW, limitsOf(null))).not.toBeNull();
  });

  it('never takes a session for live again as time goes on', () => {
    const time = fc.nat(200_000);
    fc.assert(
      fc.property(fc.option(fc.integer({ min: 1, max: 100_000 })), time, time, (idleTimeout, one, two) => {
        const [earlier, later] = [Math.min(one, two), Math.max(one, two)];
        const end = endOf(sessionOf(), NOW + earlier, limitsOf(idleTimeout));
        if (end) expect(endOf(sessionOf(), NOW + later, limitsOf(idleTimeout))).toEqual(end);
      }),
    );
  });
});

describe('generationOf', () => {
  const rotated = { predecessor: 'before', rotatedAt: NOW };

  it('takes the live generation for current, used or not, at any time', () => {
    for (const usedAt of [null, NOW + 1])
      for (const now of [NOW, NOW + REUSE, NOW + 90_000])
        expect(generationOf(sessionOf({ ...rotated, usedAt }), 'live', now, REUSE)).toBe('current');
  });

  it.each([-1, 0, 1, 80_000])(
    'honours the predecessor until its successor was used (interval %i ms past)',
    (offset) => {
      expect(generationOf(sessionOf(rotated), 'before', NOW + REUSE + offset, REUSE)).toBe('honoured');
    },
  );

  it.each([
    [-1, 'honoured'],
    [0, 'superseded'],
    [1, 'superseded'],
  ])('honours the predecessor of a used successor within the interval (%i ms)', (offset, generation) => {
    const session = sessionOf({ ...rotated, usedAt: NOW + 1 });
    expect(generationOf(session, 'before', NOW + REUSE + offset, REUSE)).toBe(generation);
  });

  it('counts the interval from the rotation, whenever the successor was used', () => {
    for (const usedAt of [NOW, NOW + REUSE - 1, NOW + REUSE, NOW + 50_000]) {
      const session = sessionOf({ ...rotated, usedAt });
      expect(generationOf(session, 'before', NOW + REUSE - 1, REUSE)).toBe('honoured');
      expect(generationOf(session, 'before', Math.max(usedAt, NOW + REUSE), REUSE)).toBe('superseded');
    }
  });

  it('does not count the interval from the last activity', () => {
    const session = sessionOf({ ...rotated, usedAt: NOW + 1, lastActiveAt: NOW + REUSE });
    expect(generationOf(session, 'before', NOW + REUSE, REUSE)).toBe('superseded');
  });

  it('honours the predecessor for no time with an interval of zero, once the successor was used', () => {
    expect(generationOf(sessionOf(rotated), 'before', NOW, 0)).toBe('honoured');
    expect(generationOf(sessionOf({ ...rotated, usedAt: NOW }), 'before', NOW, 0)).toBe('superseded');
  });

  it.each(['older', '', 'LIVE', 'live ', 'before ', 'null'])('honours nothing else (%j)', (refTokID) => {
    for (const session of [sessionOf(), sessionOf(rotated), sessionOf({ ...rotated, usedAt: NOW })])
      expect(generationOf(session, refTokID, NOW, REUSE)).toBe('superseded');
  });
});

describe('isUnusedSuccessor', () => {
  it.each([
    ['before the first renewal', {}, false],
    ['after a renewal', { predecessor: 'before', rotatedAt: NOW }, true],
    ['after its first use', { predecessor: 'before', rotatedAt: NOW, usedAt: NOW }, false],
    ['after a first use at the time zero', { predecessor: 'before', rotatedAt: 0, usedAt: 0 }, false],
  ])('tells it %s', (_, extra, expected) => {
    expect(isUnusedSuccessor(sessionOf(extra))).toBe(expected);
  });
});

describe('idleBefore', () => {
  it.each(AROUND)('draws the line where endOf does (%i ms)', (offset) => {
    const limits = limitsOf(60_000);
    const now = NOW + 60_000 + offset;
    const isIdle = sessionOf().lastActiveAt <= idleBefore(now, limits);
    expect(isIdle).toBe(offset >= 0);
    expect(isIdle).toBe(endOf(sessionOf(), now, limits) !== null);
  });

  it('is zero without an idle limit', () => {
    expect(idleBefore(NOW, limitsOf(null))).toBe(0);
  });
});

describe('refusalOf', () => {
  const REASONS: EndReason[] = ['signed_out', 'revoked', 'revoked_all', 'replaced', 'evicted', 'reuse_detected'];

  it('tells time apart from an end', () => {
    expect(refusalOf({ endedAt: NOW, endReason: 'expired' })).toBe('session_expired');
    expect(refusalOf({ endedAt: NOW, endReason: 'idle' })).toBe('session_idle');
    for (const endReason of REASONS) expect(refusalOf({ endedAt: NOW, endReason })).toBe('session_ended');
  });
});
