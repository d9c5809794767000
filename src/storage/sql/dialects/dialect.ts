import type { Statement } from '../statement.js';
import type { OpenOrder } from '../statements.js';
import type { TableNames } from '../table-names.js';

/** Everything that differs between the databases in the statements of the store. */
export interface Dialect {
  readonly kind: 'postgres' | 'mysql' | 'sqlite';
  /** How the tables of the library are named in this database. */
  readonly tables: TableNames;
  /**
   * Reads what a check needs about so many sessions, each by primary key and for its own user, with its place in the request
   * as `at`. Plain text, because it is in the path of every request: its values are the guid and userId of each in turn.
   */
  check(sessions: number): string;
  /** Whether INSERT and UPDATE can return the rows they wrote. */
  readonly returning: boolean;
  /**
   * Creates the user's cutoff row if it is missing, and locks it. If `shareLock` is empty, it also takes a shared lock on
   * everybody's cutoff.
   */
  readonly lockUser: Statement<'userId'>;
  /** Appended to the statement that reads cutoffs, in the transaction of a locked user: shares a lock on everybody's. */
  readonly shareLock: string;
  /** Waits until no transaction with a locked user is under way, and makes later ones wait. */
  readonly lockEverybody: string;
  /** Appended to a statement that reads a row in order to change it. */
  readonly lockRow: string;
  /** Adds an entry to the denylist, or extends an existing one. It never weakens one. */
  readonly deny: Statement<'subject' | 'ticket' | 'kept' | 'until'>;
  /** Milliseconds since the epoch by the database's clock. Only for the age of what it wrote itself, never for a check. */
  readonly now: string;
  /** Reads, as `weakness`, a server setting with which acknowledged writes may be lost; null if there is none. */
  readonly weakness: string;
  /** Lets two processes purge at the same time, each on different rows. */
  readonly skipLocked: string;
  /**
   * The column to sort open sessions by first, so that their index is used. PostgreSQL needs the column that is NULL in all of
   * them; with it, MariaDB would sort the rows itself.
   */
  readonly openOrder: OpenOrder;
  /** Translates a statement of the store for this database: `?`, "double quoted" names, and `"@table"` for its own tables. */
  write(statement: string): string;
}
