import { CLOCK_TOLERANCE } from '../clock.js';
import type { RefusalReason } from '../errors.js';
import type { SessionLimits } from '../options/session-options.js';
import type { EndReason } from '../wire.js';
import type { ClientInfo } from './client-info.js';

/** What a check needs to know about a session. Times are milliseconds since the epoch. */
export interface SessionState {
  /** The id of the live token generation. */
  readonly refTokID: string;
  /** The generation before the live one; null before the first renewal. */
  readonly predecessor: string | null;
  /** When the live generation replaced the predecessor. */
  readonly rotatedAt: number | null;
  /** When the live generation was first used; null if it has not been used, or before the first renewal. */
  readonly usedAt: number | null;
  readonly lastActiveAt: number;
  /** The absolute end: a renewal does not move it. */
  readonly expiresAt: number;
  readonly endedAt: number | null;
  readonly endReason: EndReason | null;
}

/** One sign-in on one device: a row of the sessions table. */
export interface Session extends SessionState {
  readonly guid: string;
  readonly userId: string;
  /** The cutoff number read before the password was checked; see `SessionStore.currentTicket`. */
  readonly ticket: number;
  /** The name that its user or the client gave it; null to show one derived from the device. */
  readonly name: string | null;
  readonly userAgent: string | null;
  readonly ip: string | null;
  readonly createdAt: number;
  /** When purge looks at the row again: never later than its end. */
  readonly purgeAt: number;
  /** Set only by lists, if two clients were found to take turns with the session. */
  readonly suspicion?: Suspicion | undefined;
}

/** When a session was last suspected, and the two clients that take turns with it. */
export interface Suspicion {
  readonly at: number;
  readonly clients: readonly [ClientInfo, ClientInfo];
}

/** When and why a session ended. */
export interface SessionEnd {
  readonly endedAt: number;
  readonly endReason: EndReason;
}

/** When every access token issued until now has expired, by the clock of any process. */
export function accessTokensEnd(now: number, accessTtl: number): number {
  return now + accessTtl + CLOCK_TOLERANCE;
}

/** When and why a session ended, or null while it is live. Expiry and idleness are computed, not stored. */
export function endOf(session: SessionState, now: number, limits: SessionLimits): SessionEnd | null {
  if (session.endedAt !== null) return { endedAt: session.endedAt, endReason: session.endReason ?? 'revoked' };
  const idleAt = limits.idleTimeout === null ? Number.POSITIVE_INFINITY : session.lastActiveAt + limits.idleTimeout;
  if (now >= Math.min(session.expiresAt, idleAt)) {
    return idleAt < session.expiresAt
      ? { endedAt: idleAt, endReason: 'idle' }
      : { endedAt: session.expiresAt, endReason: 'expired' };
  }
  return null;
}

/** How the generation of a token relates to that of its session. */
export type Generation = 'current' | 'honoured' | 'superseded';

/**
 * Whether the generation of a token still counts. The live one does. The predecessor does until its successor was used and
 * `reuseInterval` has passed since the rotation, whichever comes later. Nothing older ever does.
 */
export function generationOf(session: SessionState, refTokID: string, now: number, reuseInterval: number): Generation {
  if (session.refTokID === refTokID) return 'current';
  if (session.predecessor !== refTokID) return 'superseded';
  const within = now < (session.rotatedAt ?? 0) + reuseInterval;
  return session.usedAt === null || within ? 'honoured' : 'superseded';
}

/** Whether the live generation replaced another one and has not been used yet. */
export function isUnusedSuccessor(session: SessionState): boolean {
  return session.predecessor !== null && session.usedAt === null;
}

/** A session is idle if it was not active after this time; 0 without an idle limit. */
export function idleBefore(now: number, { idleTimeout }: SessionLimits): number {
  return idleTimeout === null ? 0 : now - idleTimeout;
}

/** Why a token of an ended session is refused. */
export function refusalOf({ endReason }: SessionEnd): RefusalReason {
  if (endReason === 'expired') return 'session_expired';
  return endReason === 'idle' ? 'session_idle' : 'session_ended';
}
