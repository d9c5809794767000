import type { CutoffMark } from '../sessions/cutoff.js';
import type { SessionKey } from '../sessions/session-store.js';

/** What is denied: the session itself, or every sign-in before the cutoff of its user or of everybody. */
export interface Denial {
  readonly session: boolean;
  /** The later one of its user's cutoff and everybody's. */
  readonly user: CutoffMark;
}

/**
 * The port for storing what was ended, by guid and by user, never by the text of a token. Each entry is kept until the last
 * access token it concerns has expired. When a method resolves, its entry is stored for every process.
 */
export abstract class Denylist {
  /** Denies a session until this time, in milliseconds since the epoch. */
  abstract denySession(key: SessionKey, until: number): Promise<void>;
  /**
   * Denies every sign-in before this cutoff, of a user or of everybody (null). A mark may arrive after a later one; combine
   * them with `laterMark`.
   */
  abstract denyUser(userId: string | null, mark: CutoffMark, until: number): Promise<void>;
  abstract find(key: SessionKey): Promise<Denial>;
  /** Deletes entries that expired before this time. */
  abstract prune(before: number): Promise<void>;
}
