import { type Duration, parseDuration } from './duration.js';
import type { Lifetimes } from './lifetime-options.js';
import { count, oneOf } from './option-readers.js';

/** The options about sessions: how many a user may have, and how often their activity is written. */
export interface SessionSettings {
  /**
   * "Last active" of a session is written at most once in this time.
   * @default '60s'
   */
  touchInterval?: Duration;
  /**
   * How many live sessions one user may have. With null there is only a limit of 1,000, beyond which the least recently
   * active sessions end and the event `crowded` is sent. Set a larger number to allow more than that.
   * @default null
   */
  maxSessions?: number | null;
  /**
   * What a sign-in beyond `maxSessions` does: it ends the least recently active session, or is refused.
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

/** What the session layer needs, validated and with defaults. Throws ConfigurationError. */
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
