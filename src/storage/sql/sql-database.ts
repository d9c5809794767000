import type { Dialect } from './dialects/dialect.js';
import type { SqlRow, SqlValue } from './sql-value.js';

/** Runs the statements of the store on one kind of database. Statements use `?` and "double quoted" names. */
export interface SqlExecutor {
  /** Rows of a SELECT, or of a statement with RETURNING. */
  rows(sql: string, values: readonly SqlValue[]): Promise<SqlRow[]>;
  /** Runs a statement that changes rows; resolves to how many it changed. */
  run(sql: string, values: readonly SqlValue[]): Promise<number>;
}

/** An executor with transactions: the statements of `work` happen together or not at all. */
export interface SqlDatabase extends SqlExecutor {
  readonly dialect: Dialect;
  /** The same database for what is neither a check nor a sign-out: renewals and lists take half of the connections. */
  readonly ordinary: SqlDatabase;
  /**
   * The same database for work that comes in crowds or in bulk, such as sign-ins: it takes four tenths of the connections,
   * so that checks and sign-outs find one, and a server that is not busy.
   */
  readonly bulk: SqlDatabase;
  /**
   * `work` may run again, as after a deadlock or a connection that was lost; it must have no effects of its own. Work of
   * one `key`, such as the user it locks, runs one after the other, and holds one connection of this process at most.
   */
  transaction<T>(work: (executor: SqlExecutor) => Promise<T>, key?: string): Promise<T>;
}
