import { randomUUID } from 'node:crypto';
import { newRefTokID } from '../../sessions/ids.js';
import type { Session } from '../../sessions/session.js';
import type { OpenRules } from '../../sessions/session-store.js';
import type { EndReason } from '../../wire.js';

/** The current time in the cases, in milliseconds since the epoch. */
export const NOW = Date.UTC(2026, 0, 1);
/** How long a session lasts in the cases, in milliseconds. */
export const LIFE = 1_000_000;
/** Rules for a sign-in without limits. */
export const NO_LIMITS: OpenRules = { maxSessions: null, whenFull: 'evict', idleBefore: 0 };
/** The client of renewals and touches. */
export const CLIENT = { userAgent: 'agent/2', ip: '198.51.100.2' };

/** A new user id. */
export function someone(): string {
  return `user-${randomUUID()}`;
}

/** A session of this user, as a sign-in at `NOW` would create it. */
export function sessionOf(userId: string, extra: Partial<Session> = {}): Session {
  return {
    ...{ guid: randomUUID(), userId, refTokID: newRefTokID(), predecessor: null, rotatedAt: null, usedAt: null },
    ...{ ticket: 0, name: 'Phone', userAgent: 'agent/1', ip: '192.0.2.1', createdAt: NOW, lastActiveAt: NOW },
    ...{ expiresAt: NOW + LIFE, endedAt: null, endReason: null, purgeAt: NOW + LIFE },
    ...extra,
  };
}

/** The row after an end. */
export function endedAs(session: Session, endReason: EndReason, endedAt = NOW): Session {
  return { ...session, endReason, endedAt, purgeAt: endedAt };
}

/** The guids of these sessions in alphabetical order. */
export function guidsOf(...sessions: readonly Session[]): string[] {
  return sessions.map(({ guid }) => guid).sort();
}

/** The results of so many concurrent calls. */
export function atOnce<T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => call(index)));
}
