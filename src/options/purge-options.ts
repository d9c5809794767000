import { type Duration, parseDuration } from './duration.js';
import { count, refuseUnknown, timer } from './option-readers.js';

/** How rows of ended sessions are removed from the sessions table. */
export interface PurgeOptions {
  /**
   * How often this process looks for rows to delete.
   * @default '10m'
   */
  every?: Duration;
  /**
   * How many rows one statement deletes.
   * @default 1000
   */
  batch?: number;
  /**
   * How long an ended session stays visible in `GET /sessions?state=ended` before it is deleted.
   * @default '30d'
   */
  retention?: Duration;
}

/**
 * When and how rows of ended sessions are deleted; all times in milliseconds. `every` is null if the app purges itself.
 */
export interface PurgeSchedule {
  readonly every: number | null;
  readonly batch: number;
  readonly retention: number;
}

const KNOWN: Record<keyof PurgeOptions, true> = { every: true, batch: true, retention: true };
/** A statement has a parameter for each row of a batch, and databases limit their number. */
const MAX_BATCH = 10_000;

/**
 * When and how rows of ended sessions are deleted, validated and with defaults. A process that may be frozen has no schedule.
 * Throws ConfigurationError.
 */
export function resolvePurge(given: PurgeOptions | false = {}, mayBeFrozen = false): PurgeSchedule {
  if (given !== false) refuseUnknown('purge.', given, KNOWN);
  const { every = '10m', batch = 1000, retention = '30d' } = given === false ? {} : given;
  return Object.freeze({
    every: given === false || mayBeFrozen ? null : timer('purge.every', every),
    batch: count('purge.batch', batch, MAX_BATCH),
    retention: parseDuration('purge.retention', retention),
  });
}
