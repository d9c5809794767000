import type { Dialect } from './dialects/dialect.js';
import type { SqlRow, SqlValue } from './sql-value.js';

/** Runs SQL statements on one kind of database. Write placeholders as `?`, and names in "double quotes". */
export interface SqlExecutor {
  /** Resolves to the rows of a SELECT, or of a statement with RETURNING. */
  rows(sql: string, values: readonly SqlValue[]): Promise<SqlRow[]>;
  /** Runs a statement that changes rows. Resolves to how many it changed. */
  run(sql: string, values: readonly SqlValue[]): Promise<number>;
}

/** An executor with transactions: either all statements of `work` take effect, or none. */
export interface SqlDatabase extends SqlExecutor {
  readonly dialect: Dialect;
  /** The same database for renewals and lists, which may use half of the connections. Checks and sign-outs may use all. */
  readonly ordinary: SqlDatabase;
  /**
   * The same database for work that comes in crowds or in bulk, such as sign-ins. It may use four tenths of the connections,
   * so that checks and sign-outs find a free connection and a server that is not busy.
   */
  readonly bulk: SqlDatabase;
  /**
   * `work` may run again, for example after a deadlock or a lost connection, so it must have no effects outside of the
   * transaction. Work with the same `key`, such as the user it locks, runs one after the other, on at most one connection.
   */
  transaction<T>(work: (executor: SqlExecutor) => Promise<T>, key?: string): Promise<T>;
}
