import { describe, expect, it } from 'vitest';
import { changesBetween, changesSince, newsOf, snapshotOf } from '../../../src/live/session-news.js';
import type { SessionLimits } from '../../../src/options/session-options.js';
import type { Session } from '../../../src/sessions/session.js';
import { HOUR, MINUTE } from '../../support/times.js';

const AT = Date.UTC(2026, 0, 1);
const LIMITS: SessionLimits = {
  ...{ absoluteTimeout: 24 * HOUR, idleTimeout: HOUR, reuseInterval: 10_000, touchInterval: MINUTE },
  ...{ maxSessions: null, whenFull: 'evict' },
};

function session(guid: string, more: Partial<Session> = {}): Session {
  return {
    ...{ guid, userId: 'ada', refTokID: 'r', predecessor: null, rotatedAt: null, usedAt: null, ticket: 0 },
    ...{ name: null, userAgent: null, ip: null, createdAt: AT, lastActiveAt: AT, expiresAt: AT + 24 * HOUR },
    ...{ endedAt: null, endReason: null, purgeAt: AT, ...more },
  };
}

const seen = (...rows: Session[]) => snapshotOf(rows, AT, LIMITS);
const brief = ({ type, session: { guid } }: { type: string; session: { guid: string } }) => `${type} ${guid}`;

describe('what happened between two readings', () => {
  it('is empty if nothing changed that is shown', () => {
    const rotated = session('a', { refTokID: 's', predecessor: 'r', rotatedAt: AT, usedAt: AT });
    expect(changesBetween(seen(session('a')).live, seen(rotated), AT)).toEqual([]);
  });

  const nobody = { userAgent: null, ip: null };
  it.each<Partial<Session>>([
    { name: 'Kitchen' },
    { lastActiveAt: AT + 1 },
    { userAgent: 'Notes/2.0' },
    { ip: '192.0.2.9' },
    { suspicion: { at: AT, clients: [nobody, nobody] } },
  ])('is a change of the session with %j', (more) => {
    const changes = changesBetween(seen(session('a'), session('b')).live, seen(session('a', more), session('b')), AT);
    expect(changes.map(brief)).toEqual(['session.changed a']);
  });

  it('is a sign-in, and an end with the reason its row tells', () => {
    const over = session('a', { endedAt: AT, endReason: 'reuse_detected' });
    const changes = changesBetween(seen(session('a')).live, seen(over, session('b')), AT);
    expect(changes.map(brief)).toEqual(['session.opened b', 'session.revoked a']);
    expect(newsOf(changes[1] as (typeof changes)[0], 'a')).toMatchObject({
      session: { guid: 'a', current: true, endReason: 'reuse_detected', endedAt: new Date(AT).toISOString() },
    });
  });

  it('is an end by time, of which no row tells yet', () => {
    const [change] = changesBetween(seen(session('a')).live, seen(session('a', { lastActiveAt: AT - 2 * HOUR })), AT);
    expect(change).toMatchObject({ type: 'session.revoked', end: { endReason: 'idle', endedAt: AT - HOUR } });
  });

  it('is the end of a session whose row was deleted with its user', () => {
    const [change] = changesBetween(seen(session('a')).live, seen(), AT + 5);
    expect(change).toMatchObject({ type: 'session.revoked', end: { endReason: 'user_disabled', endedAt: AT + 5 } });
  });
});

describe('what is told again to who was away', () => {
  it('is every sign-in and every end since, and the sessions that may have changed', () => {
    const rows = [
      session('old', { createdAt: AT - HOUR }),
      session('new', { createdAt: AT - MINUTE }),
      session('just ended', { endedAt: AT - MINUTE, endReason: 'revoked' }),
      session('ended before', { endedAt: AT - HOUR, endReason: 'revoked' }),
    ];
    const told = changesSince(AT - 2 * MINUTE, seen(...rows)).map(brief);
    expect(told).toEqual(['session.changed old', 'session.opened new', 'session.revoked just ended']);
  });
});
