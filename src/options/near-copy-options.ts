import { ConfigurationError } from '../errors.js';
import { type Duration, parseDuration } from './duration.js';
import { count, positive, refuseUnknown } from './option-readers.js';
import { mediumOr, type RevocationMedium } from './revocation-medium.js';

/** Copies of session rows in each process, dropped when another process reports a revocation. */
export interface NearCopyOptions {
  /** What carries the messages: LISTEN and NOTIFY of the PostgreSQL that keeps the sessions, or a `SessionRedis`. */
  over: 'database' | RevocationMedium;
  /**
   * The hard limit in case a message is lost: no copy is used for longer than this after its row was read. At most a
   * minute.
   * @default '5s'
   */
  maxAge?: Duration;
  /**
   * How many copies one process keeps.
   * @default 10000
   */
  size?: number;
}

/** Copies in the process; the time in milliseconds. */
export interface NearCopyUse {
  readonly over: 'database' | RevocationMedium;
  readonly maxAge: number;
  readonly size: number;
}

const KNOWN: Record<keyof NearCopyOptions, true> = { over: true, maxAge: true, size: true };
const LONGEST_AGE = parseDuration('revocation.nearCopy.maxAge', '60s');

/**
 * Copies in the process, validated and with defaults. `check` is the check they would replace. Throws
 * ConfigurationError.
 */
export function resolveNearCopy(given: NearCopyOptions, check: string): NearCopyUse {
  refuseUnknown('revocation.nearCopy.', given, KNOWN);
  const maxAge = positive('revocation.nearCopy.maxAge', given.maxAge ?? '5s');
  if (maxAge > LONGEST_AGE)
    throw new ConfigurationError('revocation.nearCopy.maxAge', 'it is longer than a minute', "Use '60s' or less");
  if (check !== 'session') {
    const problem = `it replaces the check 'session', but \`revocation.check\` is '${check}'`;
    throw new ConfigurationError('revocation.nearCopy', problem, 'Leave one of the two out');
  }
  return Object.freeze({
    over: mediumOr('revocation.nearCopy.over', given.over, ['database']),
    maxAge,
    size: count('revocation.nearCopy.size', given.size ?? 10_000),
  });
}
