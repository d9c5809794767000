import { type Duration, parseDuration } from './duration.js';
import { positive } from './option-readers.js';

/** The options about how long tokens and sessions live. */
export interface LifetimeSettings {
  /**
   * Lifetime of an access token.
   * @default '5m', or `refreshTtl` if that is shorter
   */
  accessTtl?: Duration;
  /**
   * Lifetime of a refresh token; it never exceeds the end of its session.
   * @default '30d', or `absoluteTimeout` if that is shorter
   */
  refreshTtl?: Duration;
  /**
   * Lifetime of a session from its sign-in, however often it is renewed (ASVS 7.3.2).
   * @default `refreshTtl`
   */
  absoluteTimeout?: Duration;
  /**
   * Ends a session that was not active for this long (ASVS 7.3.1); null for no such limit.
   * @default null
   */
  idleTimeout?: Duration | null;
  /**
   * How long after a rotation the previous refresh token is still accepted, even if the new one was used already.
   * At most a minute.
   * @default '10s'
   */
  reuseInterval?: Duration;
}

/** The names of these options. */
export const LIFETIME_OPTIONS: Record<keyof LifetimeSettings, true> = {
  accessTtl: true,
  refreshTtl: true,
  absoluteTimeout: true,
  idleTimeout: true,
  reuseInterval: true,
};

/** How long tokens and sessions live; all times in milliseconds. */
export interface Lifetimes {
  readonly accessTtl: number;
  readonly refreshTtl: number;
  readonly absoluteTimeout: number;
  readonly idleTimeout: number | null;
  readonly reuseInterval: number;
}

const ACCESS_TTL = parseDuration('accessTtl', '5m');
const REFRESH_TTL = parseDuration('refreshTtl', '30d');

/** The lifetimes, validated and with defaults. Throws ConfigurationError. */
export function resolveLifetimes(given: LifetimeSettings): Lifetimes {
  const { idleTimeout = null, reuseInterval = '10s' } = given;
  const named = given.refreshTtl === undefined ? undefined : positive('refreshTtl', given.refreshTtl);
  const absoluteTimeout = positive('absoluteTimeout', given.absoluteTimeout ?? named ?? REFRESH_TTL);
  const refreshTtl = named ?? Math.min(REFRESH_TTL, absoluteTimeout);
  return {
    accessTtl: positive('accessTtl', given.accessTtl ?? wholeSecondsOf(Math.min(ACCESS_TTL, refreshTtl))),
    refreshTtl,
    absoluteTimeout,
    idleTimeout: idleTimeout === null ? null : positive('idleTimeout', idleTimeout),
    reuseInterval: parseDuration('reuseInterval', reuseInterval),
  };
}

function wholeSecondsOf(milliseconds: number): number {
  return Math.max(1, Math.floor(milliseconds / 1000)) * 1000;
}
