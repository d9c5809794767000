import type { SessionState } from '../sessions/session.js';
import type { SessionKey } from '../sessions/session-store.js';

/**
 * What is known of a session without its row: a copy of it, or the permit to make one. The permit is void as soon as
 * the row may have changed, so that what was read before cannot be kept after.
 */
export interface FoundCopy<L = unknown> {
  readonly state?: SessionState | undefined;
  readonly permit?: L | undefined;
}

/** What a change of rows makes stale: one session, all of a user, or everything. */
export interface Stale {
  /** Null for everybody. */
  readonly userId: string | null;
  /** One session; all of the user without it. */
  readonly guid?: string | undefined;
}

/** Copies of what the strict check reads, nearer than the database. The port of their kinds. */
export abstract class SessionCopies<L = unknown> {
  /** The copy of a session if it says that it was active after that time, in milliseconds; else the permit to make one. */
  abstract find(key: SessionKey, activeAfter?: number): FoundCopy<L> | Promise<FoundCopy<L>>;
  /** Makes a copy with a permit that still holds. Never throws: what cannot be kept is read again. */
  abstract keep(key: SessionKey, state: SessionState, permit: L): void;
  /**
   * Takes copies back after their rows changed, and before the change is told. Says itself how strictly; a copy may
   * be read for `spare` more milliseconds where the change is no end.
   */
  abstract drop(stale: Stale, spare?: number): Promise<void>;
}
