import type { SqlRow, SqlValue } from '../sql/sql-value.js';

/** A statement of better-sqlite3, as far as it is used here. */
export interface SqliteStatement {
  readonly reader: boolean;
  raw(): this;
  columns(): { name: string }[];
  all(...values: SqlValue[]): SqlValue[][];
  run(...values: SqlValue[]): { changes: number };
}

/** The part of a better-sqlite3 connection that is used here. */
export interface SqliteConnection {
  /** The path of the file; `:memory:` or empty if there is none. */
  readonly name: string;
  readonly inTransaction: boolean;
  prepare(sql: string): SqliteStatement;
  exec(sql: string): void;
  pragma(sql: string): unknown;
}

/** A prepared statement, and the names of its columns. */
interface Prepared {
  readonly statement: SqliteStatement;
  readonly names: readonly string[];
}

/** Statements of one connection, each prepared once. */
export class SqliteStatements {
  readonly #prepared = new Map<string, Prepared>();

  constructor(
    private readonly connection: SqliteConnection,
    private readonly write: (sql: string) => string,
  ) {}

  /** The rows of a statement. */
  all(sql: string, values: readonly SqlValue[]): SqlRow[] {
    const { statement, names } = this.#of(sql);
    return statement.all(...values).map((row) => named(names, row));
  }

  /** Changes rows; returns their number. */
  change(sql: string, values: readonly SqlValue[]): number {
    return this.#of(sql).statement.run(...values).changes;
  }

  #of(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known) return known;
    const prepared = prepare(this.connection, this.write(sql));
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}

function prepare(connection: SqliteConnection, sql: string): Prepared {
  const statement = connection.prepare(sql);
  if (!statement.reader) return { statement, names: [] };
  return { statement: statement.raw(), names: statement.columns().map(({ name }) => name) };
}

/** Rows are built here, because objects built by the driver cost a third of the whole query. */
function named(names: readonly string[], values: readonly SqlValue[]): SqlRow {
  const row: Record<string, SqlValue> = {};
  for (let at = 0; at < names.length; at++) row[names[at] as string] = values[at] as SqlValue;
  return row;
}
