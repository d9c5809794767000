import type { DataSource } from 'typeorm';
import { sqlite } from './dialect.js';
import { driverErrorField } from './driver-error.js';
import type { SqlDatabase, SqlExecutor, SqlRow, SqlValue } from './sql-executor.js';

const BUSY_WAIT = 10;
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The part of better-sqlite3 used here. */
interface Statement {
  readonly reader: boolean;
  raw(): this;
  columns(): { name: string }[];
  all(...values: SqlValue[]): SqlValue[][];
  run(...values: SqlValue[]): { changes: number };
}
interface Connection {
  prepare(sql: string): Statement;
  readonly inTransaction: boolean;
  exec(sql: string): void;
  pragma(sql: string): unknown;
}

/** A prepared statement, and the names of what it gives. */
interface Prepared {
  readonly statement: Statement;
  readonly names: readonly string[];
}

/**
 * SQLite by prepared statements on the connection of a DataSource, which should be this database's own: SQLite's
 * transactions belong to the connection, so a stranger's rollback would take a revocation with it.
 */
export class SqliteDatabase implements SqlDatabase {
  readonly dialect = sqlite;
  readonly #connection: Connection;
  readonly #statements = new Map<string, Prepared>();
  readonly #inTransaction: SqlExecutor = {
    rows: async (sql, values) => this.#all(sql, values),
    run: async (sql, values) => this.#change(sql, values),
  };
  #transaction: Promise<unknown> | undefined;

  constructor(
    dataSource: DataSource,
    private readonly timeout: number,
  ) {
    this.#connection = (dataSource.driver as unknown as { databaseConnection: Connection }).databaseConnection;
    // NORMAL may lose the last commits in a power cut; a sign-out that was acknowledged must not come back.
    this.#connection.pragma('synchronous = FULL');
    // Waiting for another process's lock inside SQLite would hold up the event loop; `#betweenTransactions` waits outside.
    this.#connection.pragma('busy_timeout = 0');
  }

  async rows(sql: string, values: readonly SqlValue[]): Promise<SqlRow[]> {
    return this.#betweenTransactions(() => this.#all(sql, values));
  }

  async run(sql: string, values: readonly SqlValue[]): Promise<number> {
    return this.#betweenTransactions(() => this.#change(sql, values));
  }

  async transaction<T>(work: (executor: SqlExecutor) => Promise<T>): Promise<T> {
    const { outcome } = await this.#betweenTransactions(() => {
      this.#connection.exec('BEGIN IMMEDIATE');
      const outcome = this.#finish(work);
      const over = () => {
        this.#transaction = undefined;
      };
      this.#transaction = outcome.then(over, over);
      return { outcome };
    });
    return outcome;
  }

  async #finish<T>(work: (executor: SqlExecutor) => Promise<T>): Promise<T> {
    try {
      const result = await work(this.#inTransaction);
      this.#connection.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK');
      throw error;
    }
  }

  async #betweenTransactions<T>(step: () => T): Promise<T> {
    for (let tries = 1; ; tries++) {
      while (this.#transaction) await this.#transaction;
      try {
        return step();
      } catch (error) {
        if (!isBusy(error) || tries * BUSY_WAIT >= this.timeout) throw error;
      }
      await wait(BUSY_WAIT);
    }
  }

  #all(sql: string, values: readonly SqlValue[]): SqlRow[] {
    const { statement, names } = this.#prepared(sql);
    return statement.all(...values).map((row) => named(names, row));
  }

  #change(sql: string, values: readonly SqlValue[]): number {
    return this.#prepared(sql).statement.run(...values).changes;
  }

  #prepared(sql: string): Prepared {
    const known = this.#statements.get(sql);
    if (known) return known;
    const prepared = prepare(this.#connection, sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }
}

function prepare(connection: Connection, sql: string): Prepared {
  const statement = connection.prepare(sql);
  if (!statement.reader) return { statement, names: [] };
  return { statement: statement.raw(), names: statement.columns().map(({ name }) => name) };
}

/** Named here, since objects made by the driver cost a third of the whole query. */
function named(names: readonly string[], values: readonly SqlValue[]): SqlRow {
  const row: Record<string, SqlValue> = {};
  for (let at = 0; at < names.length; at++) row[names[at] as string] = values[at] as SqlValue;
  return row;
}

function isBusy(error: unknown): boolean {
  return String(driverErrorField(error, 'code')).startsWith('SQLITE_BUSY');
}
