import type { Suspicion } from '../sessions/session.js';
import type { SessionKey } from '../sessions/session-store.js';
import type { Evidence } from './crossing.js';
import type { Run } from './run.js';

/** Where runs are kept, for each session one of each evidence: a port. */
export abstract class RunStore {
  abstract find(key: SessionKey, evidence: Evidence): Promise<Run | undefined>;
  /**
   * Compare and swap: takes the place of `former`, or is the first; false where another was quicker. `at` is now, in
   * milliseconds since the epoch.
   */
  abstract save(key: SessionKey, former: Run | undefined, next: Run, at: number): Promise<boolean>;
  /** The suspected sessions of a user, by their guids. */
  abstract suspicionsOf(userId: string): Promise<ReadonlyMap<string, Suspicion>>;
  /** Deletes all that is kept of a user. */
  abstract forget(userId: string): Promise<void>;
  /** Deletes what is kept of sessions that are gone; within a day, so that not each purge looks at every run. */
  abstract prune(at: number): Promise<void>;
}

/** When a run is looked at again by `prune`, after it was written or found to be needed. */
export const LOOK_EVERY = 86_400_000;
