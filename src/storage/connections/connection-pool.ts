import type { Dialect } from '../sql/dialects/dialect.js';
import type { SqlRow, SqlValue } from '../sql/sql-value.js';

/** What a statement did. */
export interface SqlResult {
  readonly rows: SqlRow[];
  readonly changed: number;
}

/** A connection on loan. A broken one is closed instead of given back. */
export interface PooledConnection {
  /**
   * Whether a single change is made in a transaction of its own, since what it needs of the server can be set for a
   * transaction only: somebody else uses the connection too, the app or those behind one pooler.
   */
  readonly wrapsChanges: boolean;
  execute(sql: string, values: readonly SqlValue[]): Promise<SqlResult>;
  /** Begins a transaction, under limits of the server. */
  begin(): Promise<unknown>;
  /** Commits it, or rolls it back, and takes the limits away. */
  finish(how: 'COMMIT' | 'ROLLBACK'): Promise<unknown>;
  /** Asks the server to end the statement under way. Never rejects, and says nothing of whether it worked. */
  cancel(): Promise<void>;
  release(broken: boolean): void;
}

/** A pool of connections to the primary, whatever the driver. */
export interface ConnectionPool {
  readonly dialect: Dialect;
  /** How many connections it opens at most. */
  readonly size: number;
  /**
   * A connection to a server that may be written to: each new one is asked. Rejects for a standby, and for a server
   * that is read-only.
   */
  acquire(): Promise<PooledConnection>;
  /** Whether the server answered at all, so that the connection is still in order. */
  isAnswer(error: unknown): boolean;
  /** Whether the same transaction may succeed when it is run again: a deadlock, a serialization failure. */
  isTransient(error: unknown): boolean;
}

/** Why a server is refused that answers, and that nothing can be written to. */
export function readOnlyServer(detail: string): Error {
  return new Error(
    `The database server is read-only (${detail}): it may be a standby, or an old primary, and does not know of every ` +
      'sign-out. Connect to the primary.',
  );
}

/** What a new connection is asked, for so many milliseconds at most: one that hangs must not keep its place. */
export function answerInTime<T>(answer: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`A new connection to the database gave no answer in ${milliseconds} ms`));
    const timer = setTimeout(late, milliseconds);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
