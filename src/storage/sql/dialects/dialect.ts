import type { Statement } from '../statement.js';
import type { OpenOrder } from '../statements.js';

/** Everything in which the databases differ for the statements of the store. */
export interface Dialect {
  /**
   * What verdicts read of so many sessions, each by the primary key and for its own user, with its place among those asked
   * for, `at`. On the way of every request, and so a bare text: its values are guid and userId of one after the other.
   */
  check(sessions: number): string;
  /** Whether INSERT and UPDATE can give back the rows they wrote. */
  readonly returning: boolean;
  /**
   * Makes the user's cutoff row where it is missing, and locks it; where `shareLock` is empty, everybody's too, to
   * share it.
   */
  readonly lockUser: Statement<'userId'>;
  /** Ends the statement that reads cutoffs in the transaction of a locked user: others may read everybody's, too. */
  readonly shareLock: string;
  /** Waits until no transaction of a locked user is under way, and holds up those that come. */
  readonly lockEverybody: string;
  /** Ends a statement that reads a row to change it. */
  readonly lockRow: string;
  /** Makes an entry of the denylist, or lengthens it; takes nothing back. */
  readonly deny: Statement<'subject' | 'ticket' | 'kept' | 'until'>;
  /** Milliseconds since the epoch by the clock of the database; for ages of what it wrote itself, never for a verdict. */
  readonly now: string;
  /** Which setting of the server may lose what was acknowledged, as `weakness`; null where none does. */
  readonly weakness: string;
  /** Lets two purgers work side by side, each on rows of its own. */
  readonly skipLocked: string;
  /**
   * What to order open sessions by first, so that their index is walked: PostgreSQL wants the column named that is NULL in
   * all of them, MariaDB sorts where it is.
   */
  readonly openOrder: OpenOrder;
  /** A statement of the store, which has `?` and "double quoted" names, as this database takes it. */
  write(statement: string): string;
}
