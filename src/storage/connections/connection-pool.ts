import type { Dialect } from '../sql/dialects/dialect.js';
import type { SqlRow, SqlValue } from '../sql/sql-value.js';

/** The result of a statement. */
export interface SqlResult {
  readonly rows: SqlRow[];
  readonly changed: number;
}

/** A connection on loan. A broken one is closed instead of returned. */
export interface PooledConnection {
  /**
   * Whether a single change runs in its own transaction, because the settings it needs on the server can only be set
   * for a transaction: the connection is shared with the app, or with other clients of a pooler.
   */
  readonly wrapsChanges: boolean;
  execute(sql: string, values: readonly SqlValue[]): Promise<SqlResult>;
  /** Begins a transaction, with limits set on the server. */
  begin(): Promise<unknown>;
  /** Commits it, or rolls it back, and removes the limits. */
  finish(how: 'COMMIT' | 'ROLLBACK'): Promise<unknown>;
  /** Asks the server to cancel the current statement. Never rejects, and does not report whether it worked. */
  cancel(): Promise<void>;
  release(broken: boolean): void;
}

/** A pool of connections to the primary, whatever the driver. */
export interface ConnectionPool {
  readonly dialect: Dialect;
  /** How many connections it opens at most. */
  readonly size: number;
  /**
   * A connection to a server that accepts writes: each new connection is asked. Rejects for a standby, and for a server
   * that is read-only.
   */
  acquire(): Promise<PooledConnection>;
  /** Whether the server answered at all, so that the connection is still usable. */
  isAnswer(error: unknown): boolean;
  /**
   * Whether the same transaction, of which nothing happened, may succeed when it is run again: after a deadlock, a
   * serialization failure, or a mixed-up prepared statement.
   */
  isTransient(error: unknown): boolean;
  /** Calls `warn` once, when the way to the server turns out to make it slower, even if that was before this call. */
  warnTo?(warn: (line: string) => void): void;
}

/** Why a server is refused that answers but does not accept writes. */
export function readOnlyServer(detail: string): Error {
  return new Error(
    `The database server is read-only (${detail}): it may be a standby, or an old primary, and does not know of every ` +
      'sign-out. Connect to the primary.',
  );
}

/** What a new connection is asked, for at most this many milliseconds: one that hangs must not keep its place. */
export function answerInTime<T>(answer: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`A new connection to the database did not answer within ${milliseconds} ms`));
    const timer = setTimeout(late, milliseconds);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
