import type { Suspicion } from '../sessions/session.js';
import type { SessionKey } from '../sessions/session-store.js';
import type { Evidence } from './crossing.js';
import type { Run } from './run.js';

/** Where runs are kept, one of each kind of evidence per session: a port. */
export abstract class RunStore {
  abstract find(key: SessionKey, evidence: Evidence): Promise<Run | undefined>;
  /**
   * Compare and swap: replaces `former`, or stores the first run; false if another process was quicker. `at` is now, in
   * milliseconds since the epoch.
   */
  abstract save(key: SessionKey, former: Run | undefined, next: Run, at: number): Promise<boolean>;
  /** The suspected sessions of a user, by their guids. */
  abstract suspicionsOf(userId: string): Promise<ReadonlyMap<string, Suspicion>>;
  /** Deletes everything that is stored about a user. */
  abstract forget(userId: string): Promise<void>;
  /**
   * Deletes what is stored about sessions that are gone. This may take a day, so that not every purge looks at every
   * run.
   */
  abstract prune(at: number): Promise<void>;
}

/** When `prune` looks at a run again, after it was written or found to be needed. */
export const LOOK_EVERY = 86_400_000;
