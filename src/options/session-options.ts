import { type Duration, parseDuration } from './duration.js';
import type { Lifetimes } from './lifetime-options.js';
import { count, oneOf } from './option-readers.js';

/** The options about sessions: how many there may be, and how often their activity is written. */
export interface SessionSettings {
  /**
   * The "last active" of a session is written at most once in this time.
   * @default '60s'
   */
  touchInterval?: Duration;
  /**
   * Live sessions one user may have; null for no limit but a bound of 1,000, beyond which the least recently active end and
   * the event `crowded` is told. Give a larger number to allow more than that.
   * @default null
   */
  maxSessions?: number | null;
  /**
   * What a sign-in beyond `maxSessions` does: end the session that was active least recently, or be refused.
   * @default 'evict'
   */
  whenFull?: 'evict' | 'reject';
}

/** The names of these options. */
export const SESSION_OPTIONS: Record<keyof SessionSettings, true> = {
  touchInterval: true,
  maxSessions: true,
  whenFull: true,
};

/** Lifetimes and limits of a session; all times in milliseconds. */
export interface SessionLimits {
  readonly absoluteTimeout: number;
  readonly idleTimeout: number | null;
  readonly reuseInterval: number;
  readonly touchInterval: number;
  readonly maxSessions: number | null;
  readonly whenFull: 'evict' | 'reject';
}

/** What the session layer needs, checked and filled in. Throws ConfigurationError. */
export function resolveSessions(given: SessionSettings, lifetimes: Lifetimes): SessionLimits {
  const { maxSessions = null } = given;
  const { absoluteTimeout, idleTimeout, reuseInterval } = lifetimes;
  return Object.freeze({
    absoluteTimeout,
    idleTimeout,
    reuseInterval,
    touchInterval: parseDuration('touchInterval', given.touchInterval ?? '60s'),
    maxSessions: maxSessions === null ? null : count('maxSessions', maxSessions),
    whenFull: oneOf('whenFull', given.whenFull ?? 'evict', ['evict', 'reject']),
  });
}
