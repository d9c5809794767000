import type { SessionState } from '../sessions/session.js';
import type { SessionKey } from '../sessions/session-store.js';

/**
 * A copy of a session, or the permit to make one. The permit becomes void as soon as the row may have changed, so that an
 * outdated row is never kept as a copy.
 */
export interface FoundCopy<L = unknown> {
  readonly state?: SessionState | undefined;
  readonly permit?: L | undefined;
}

/** The copies that a change makes stale: one session, all sessions of a user, or everything. */
export interface Stale {
  /** Null means everybody. */
  readonly userId: string | null;
  /** One session. If left out, all sessions of the user. */
  readonly guid?: string | undefined;
}

/** The port for copies of what the strict check reads, kept in a faster place than the database. */
export abstract class SessionCopies<L = unknown> {
  /** The copy of a session if that was active after `activeAfter` (milliseconds since the epoch), otherwise a permit to make one. */
  abstract find(key: SessionKey, activeAfter?: number): FoundCopy<L> | Promise<FoundCopy<L>>;
  /** Makes a copy if the permit is still valid. Never throws: without a copy, the row is read again. */
  abstract keep(key: SessionKey, state: SessionState, permit: L): void;
  /**
   * Drops copies after their rows changed and before the caller hears of the change. Each implementation says how strict it
   * is. If the change does not end a session, a copy may still be read for `spare` milliseconds.
   */
  abstract drop(stale: Stale, spare?: number): Promise<void>;
}
