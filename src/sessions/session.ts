import { CLOCK_TOLERANCE } from '../clock.js';
import type { RefusalReason } from '../errors.js';
import type { SessionLimits } from '../options/session-options.js';
import type { EndReason } from '../wire.js';
import type { ClientInfo } from './client-info.js';

/** What a verdict needs to know of a session. Times are milliseconds since the epoch. */
export interface SessionState {
  /** The id of the live token generation. */
  readonly refTokID: string;
  /** The generation rotated out last; null before the first renewal. */
  readonly predecessor: string | null;
  /** When the predecessor was rotated out. */
  readonly rotatedAt: number | null;
  /** When the live generation was first used; null while it was not, or before the first renewal. */
  readonly usedAt: number | null;
  readonly lastActiveAt: number;
  /** The absolute end: no renewal moves it. */
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
  /** The name its user or the client gave it; null for the one derived from the device. */
  readonly name: string | null;
  readonly userAgent: string | null;
  readonly ip: string | null;
  readonly createdAt: number;
  /** When purge has to look at the row again: never later than its end. */
  readonly purgeAt: number;
  /** Where a list was read, and two clients were found to use the session in turn. */
  readonly suspicion?: Suspicion | undefined;
}

/** When a session was suspected last, and the two clients that use it in turn. */
export interface Suspicion {
  readonly at: number;
  readonly clients: readonly [ClientInfo, ClientInfo];
}

/** When and why a session ended. */
export interface SessionEnd {
  readonly endedAt: number;
  readonly endReason: EndReason;
}

/** When the last access token handed out until now has ended, by whichever clock. */
export function accessTokensEnd(now: number, accessTtl: number): number {
  return now + accessTtl + CLOCK_TOLERANCE;
}

/** How a session stands: live, or since when and why not. Expiry and idleness need no write to be true. */
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

/** How a token's generation stands to the session's. */
export type Generation = 'current' | 'honoured' | 'superseded';

/**
 * Whether a token's generation still counts: the live one does, the predecessor does until its successor was
 * used and `reuseInterval` has passed since the rotation, whichever comes later; nothing older ever does.
 */
export function generationOf(session: SessionState, refTokID: string, now: number, reuseInterval: number): Generation {
  if (session.refTokID === refTokID) return 'current';
  if (session.predecessor !== refTokID) return 'superseded';
  const within = now < (session.rotatedAt ?? 0) + reuseInterval;
  return session.usedAt === null || within ? 'honoured' : 'superseded';
}

/** Whether the live generation replaced another and has not been seen in use. */
export function isUnusedSuccessor(session: SessionState): boolean {
  return session.predecessor !== null && session.usedAt === null;
}

/** Sessions not active since then are idle; 0 without an idle limit. */
export function idleBefore(now: number, { idleTimeout }: SessionLimits): number {
  return idleTimeout === null ? 0 : now - idleTimeout;
}

/** Why a token of an ended session is refused. */
export function refusalOf({ endReason }: SessionEnd): RefusalReason {
  if (endReason === 'expired') return 'session_expired';
  return endReason === 'idle' ? 'session_idle' : 'session_ended';
}
