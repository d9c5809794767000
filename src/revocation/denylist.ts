import type { CutoffMark } from '../sessions/cutoff.js';
import type { SessionKey } from '../sessions/session-store.js';

/** What is denied of a session: itself, and what was signed in before the cutoff of its user or of everybody. */
export interface Denial {
  readonly session: boolean;
  /** The later of the two. */
  readonly user: CutoffMark;
}

/**
 * Entries about what was ended, by guid and by user, never by the text of a token. Each is kept until the last access
 * token it concerns has ended. The port of its storage: a method that resolves has stored its entry for every process.
 */
export abstract class Denylist {
  /** Denies a session until then, in milliseconds since the epoch. */
  abstract denySession(key: SessionKey, until: number): Promise<void>;
  /**
   * Denies whatever of a user, or of everybody (null), was signed in before this cutoff; see `laterMark` for one that
   * comes late.
   */
  abstract denyUser(userId: string | null, mark: CutoffMark, until: number): Promise<void>;
  abstract find(key: SessionKey): Promise<Denial>;
  /** Deletes entries that ended before this moment. */
  abstract prune(before: number): Promise<void>;
}
