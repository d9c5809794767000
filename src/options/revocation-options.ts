import type { Duration } from './duration.js';
import type { RevocationMedium } from './revocation-medium.js';

/**
 * What the guard reads on a request: the session's row (`session`), entries about what was ended (`denylist`), the
 * user's cutoff (`validTokenFrom`), or nothing but the token (`expiry`).
 */
export type CheckKind = 'session' | 'denylist' | 'validTokenFrom' | 'expiry';

/** Copies of session rows in each process, dropped when another process tells of a revoke. */
export interface NearCopyOptions {
  /** What carries the word: LISTEN and NOTIFY of a PostgreSQL that keeps the sessions, or a `SessionRedis`. */
  over: 'database' | RevocationMedium;
  /**
   * The hard limit, should the word be lost: no copy answers for longer after its row was read. At most a minute.
   * @default '5s'
   */
  maxAge?: Duration;
  /**
   * Copies one process keeps.
   * @default 10000
   */
  size?: number;
}

/**
 * A column in the app's own table of users that tells the number of their latest cutoff: a bigint that may be null, in
 * the database of the sessions.
 */
export interface CutoffColumn {
  /** The table, such as 'users', or with its schema 'auth.users'. */
  table: string;
  /** The column with the id of a user, its primary key. */
  id: string;
  /** The column with the number, such as 'validTokenFrom'. */
  name: string;
}

/** How a token that was taken back is noticed. Renewals are held against the session's row, whatever is set here. */
export interface RevocationOptions {
  /**
   * The check on every request; a route may ask for another one by `@RevocationCheck`.
   * @default 'session'
   */
  check?: CheckKind;
  /**
   * Where entries about ended sessions are kept, for the check `denylist`. They are made when that is the check, or
   * when this is given for the sake of single routes. `memory` knows one process and no restart; a `SessionRedis`
   * knows all of them, and as many restarts as the server was set up for.
   * @default 'database'; 'memory' with a `store` of the app
   */
  denylist?: 'database' | 'memory' | RevocationMedium;
  /**
   * Where the check `session` reads instead of the primary database: a `SessionRedis`. Just as strict. Give it to
   * every process over the database, or to none.
   */
  hotCopy?: RevocationMedium;
  /**
   * Copies in the process itself: the quickest check, and the one that is late by the way of a message. A route with
   * `@RevocationCheck('session')` does without. Off unless given.
   */
  nearCopy?: NearCopyOptions;
  /**
   * Where `validTokenFrom` reads a user's cutoff, and cutoffs are written to, besides `session_cutoffs`.
   * @default none
   */
  column?: CutoffColumn;
}
