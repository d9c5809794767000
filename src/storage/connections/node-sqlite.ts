import type { SqlValue } from '../sql/sql-value.js';
import type { SqliteConnection, SqliteStatement } from './sqlite-statements.js';

interface NodeStatement {
  columns(): { name: string }[];
  setReturnArrays(enabled: boolean): void;
  all(...values: SqlValue[]): unknown[];
  run(...values: SqlValue[]): { changes: number | bigint };
}

/** The part of a `DatabaseSync` of `node:sqlite` that is used here, as Node has it since 22.16. */
export interface NodeSqlite {
  readonly isTransaction: boolean;
  /** The path of the file; null if there is none. */
  location(): string | null;
  prepare(sql: string): NodeStatement;
  exec(sql: string): void;
  close(): void;
}

/** What better-sqlite3 calls the errors that are recognized by their code; Node only gives SQLite's number. */
const CODES: Readonly<Record<number, string>> = { 5: 'SQLITE_BUSY', 8: 'SQLITE_READONLY' };

/** A connection of `node:sqlite` in the shape of better-sqlite3. */
export class NodeSqliteConnection implements SqliteConnection {
  readonly name: string;

  constructor(private readonly database: NodeSqlite) {
    this.name = database.location() ?? '';
  }

  get inTransaction(): boolean {
    return this.database.isTransaction;
  }

  prepare(sql: string): SqliteStatement {
    return new NodeSqliteStatement(withCode(() => this.database.prepare(sql)));
  }

  exec(sql: string): void {
    withCode(() => this.database.exec(sql));
  }

  pragma(sql: string): void {
    this.exec(`PRAGMA ${sql}`);
  }

  /** Closes the connection. Throws if it is closed already. */
  close(): void {
    this.database.close();
  }
}

class NodeSqliteStatement implements SqliteStatement {
  readonly reader: boolean;

  constructor(private readonly statement: NodeStatement) {
    this.reader = statement.columns().length > 0;
  }

  raw(): this {
    this.statement.setReturnArrays(true);
    return this;
  }

  columns(): { name: string }[] {
    return this.statement.columns();
  }

  all(...values: SqlValue[]): SqlValue[][] {
    return withCode(() => this.statement.all(...values)) as SqlValue[][];
  }

  run(...values: SqlValue[]): { changes: number } {
    return { changes: Number(withCode(() => this.statement.run(...values)).changes) };
  }
}

function withCode<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    // The lowest byte is the kind; the others tell the details.
    const code = CODES[Number((error as { errcode?: unknown }).errcode) & 0xff];
    throw code === undefined ? error : Object.assign(error as Error, { code });
  }
}
