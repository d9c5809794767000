import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import type { Dialect } from '../sql/dialects/dialect.js';
import { sqliteWith } from '../sql/dialects/sqlite.js';
import { driverErrorField } from '../sql/driver-error.js';
import { type Crowd, Lane } from './lane.js';
import type { SqlDatabase, SqlExecutor } from '../sql/sql-database.js';
import type { SqlRow, SqlValue } from '../sql/sql-value.js';
import { DEFAULT_TABLES, type TableNames } from '../sql/table-names.js';
import { SqliteFile } from './sqlite-file.js';
import { type SqliteConnection, SqliteStatements } from './sqlite-statements.js';

/** How long it waits before it tries again to get a lock, in milliseconds. */
const BUSY_WAIT = 10;
/** The share of the timeout for which it waits for a transaction of the app itself, which may be waiting for this call. */
const FOR_THE_APP = 1 / 8;
const WITHIN = 'Commit first, or write your own rows in the `companion` of `SessionRegistry.credentialsChanged`';

/** Whose transaction is open on a connection. Two realms share one if the app keeps its database in memory. */
interface Turn {
  transaction: Promise<unknown> | undefined;
}

const turns = new WeakMap<SqliteConnection, Turn>();

function turnOn(connection: SqliteConnection): Turn {
  const turn = turns.get(connection) ?? { transaction: undefined };
  turns.set(connection, turn);
  return turn;
}

/** How a SQLite database is used. */
interface SqliteSettings {
  /** How the tables are named. */
  readonly tables?: TableNames | undefined;
  /** The app's own connection to the same file. */
  readonly ofApp?: SqliteConnection | undefined;
}

/**
 * SQLite with prepared statements on a connection of better-sqlite3, which should be used by this database only.
 * SQLite's transactions belong to the connection, so the rollback of somebody else would undo a revocation.
 */
export class SqliteDatabase implements SqlDatabase {
  readonly dialect: Dialect;
  readonly ordinary = this;
  readonly bulk: SqlDatabase;
  readonly #statements: SqliteStatements;
  readonly #file: SqliteFile;
  readonly #inTransaction: SqlExecutor = {
    rows: async (sql, values) => this.#statements.all(sql, values),
    run: async (sql, values) => this.#statements.change(sql, values),
  };
  readonly #turn: Turn;

  /** `timeout`: how long one request may wait for the locks of others, in milliseconds. */
  constructor(
    private readonly connection: SqliteConnection,
    private readonly timeout: number,
    private readonly settings: SqliteSettings = {},
  ) {
    this.dialect = sqliteWith(settings.tables ?? DEFAULT_TABLES);
    this.#turn = turnOn(connection);
    this.#statements = new SqliteStatements(connection, this.dialect.write);
    this.#file = new SqliteFile(connection.name);
    this.bulk = new SqliteBulk(this);
    // NORMAL may lose the last commits in a power cut; a sign-out that was acknowledged must not be undone.
    this.connection.pragma('synchronous = FULL');
    // Waiting for another process's lock inside SQLite would block the event loop; `#patiently` waits outside.
    this.connection.pragma('busy_timeout = 0');
  }

  async rows(sql: string, values: readonly SqlValue[]): Promise<SqlRow[]> {
    return this.#betweenTransactions(() => {
      this.#file.checkNowAndThen();
      return this.#statements.all(sql, values);
    });
  }

  async run(sql: string, values: readonly SqlValue[]): Promise<number> {
    return this.#betweenTransactions(() => {
      this.#refuseWithin();
      this.#file.check();
      return this.#statements.change(sql, values);
    });
  }

  async transaction<T>(work: (executor: SqlExecutor) => Promise<T>): Promise<T> {
    const { outcome } = await this.#betweenTransactions(() => {
      this.#refuseWithin();
      this.#file.check();
      this.connection.exec('BEGIN IMMEDIATE');
      const outcome = this.#finish(work);
      const over = () => {
        this.#turn.transaction = undefined;
      };
      this.#turn.transaction = outcome.then(over, over);
      return { outcome };
    });
    return outcome;
  }

  async #finish<T>(work: (executor: SqlExecutor) => Promise<T>): Promise<T> {
    try {
      const result = await work(this.#inTransaction);
      // Without WAL it waits for readers, and the transaction stays open until they have finished.
      await this.#patiently(() => this.connection.exec('COMMIT'));
      return result;
    } catch (error) {
      if (this.connection.inTransaction) this.connection.exec('ROLLBACK');
      throw error;
    }
  }

  /** Somebody else's rollback would undo what is written here. */
  #refuseWithin(): void {
    if (!this.connection.inTransaction) return;
    throw new Error(
      'Sessions cannot be changed now: the app has a transaction open on the SQLite connection that it shares with the ' +
        `session registry, and its rollback would undo the change. ${WITHIN}`,
    );
  }

  #betweenTransactions<T>(step: () => T): Promise<T> {
    return this.#patiently(step, () => this.#turn.transaction);
  }

  /** Tries again while another process holds a lock; `before` has to be finished before each attempt. */
  async #patiently<T>(step: () => T, before?: () => Promise<unknown> | undefined): Promise<T> {
    // Counted in attempts: a process that was itself blocked has not waited yet.
    for (let tries = 1; ; tries++) {
      for (let other = before?.(); other; other = before?.()) await other;
      try {
        return step();
      } catch (error) {
        const refusal = this.#refusalAfter(error, tries);
        if (refusal !== undefined) throw refusal;
      }
      await wait(BUSY_WAIT);
    }
  }

  /** What is thrown after so many attempts; undefined for another attempt. */
  #refusalAfter(error: unknown, tries: number): unknown {
    if (!isBusy(error)) return error;
    const isOfApp = this.settings.ofApp?.inTransaction === true;
    if (tries * BUSY_WAIT < this.timeout * (isOfApp ? FOR_THE_APP : 1)) return undefined;
    return isOfApp ? heldByApp(error) : error;
  }
}

function heldByApp(cause: unknown): Error {
  const problem = 'The app has a transaction open in the same SQLite file, which may be waiting for this call';
  return new Error(`${problem}. ${WITHIN}`, { cause });
}

/** In a crowd, checks would otherwise wait for the processor. */
const CROWD: Crowd = { from: 20, places: 1, rest: 2 };

/** One transaction at a time waits for its turn, and reads run in between. */
class SqliteBulk implements SqlDatabase {
  readonly dialect: Dialect;
  readonly ordinary = this;
  readonly bulk = this;
  readonly #lane = new Lane(1, CROWD);

  constructor(private readonly database: SqliteDatabase) {
    this.dialect = database.dialect;
  }

  rows(sql: string, values: readonly SqlValue[]): Promise<SqlRow[]> {
    return this.database.rows(sql, values);
  }

  run(sql: string, values: readonly SqlValue[]): Promise<number> {
    return this.database.run(sql, values);
  }

  async transaction<T>(work: (executor: SqlExecutor) => Promise<T>): Promise<T> {
    const leave = await this.#lane.enter();
    try {
      return await this.database.transaction(work);
    } finally {
      // Yields to the event loop: many commits in succession would block all other work.
      void nextTurn().then(() => leave());
    }
  }
}

function isBusy(error: unknown): boolean {
  return String(driverErrorField(error, 'code')).startsWith('SQLITE_BUSY');
}
