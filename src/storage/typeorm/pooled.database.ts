import type { Dialect } from './dialect.js';
import type { SqlDatabase, SqlExecutor, SqlRow, SqlValue } from './sql-executor.js';

/** Requests that may wait for a connection; further ones are refused, so that a fault cannot fill the memory. */
const MAX_WAITING = 1_000;
const MAX_TRIES = 5;

/** What a statement did. */
export interface SqlResult {
  readonly rows: SqlRow[];
  readonly changed: number;
}

/** A connection on loan. A broken one is closed instead of given back. */
export interface PooledConnection {
  execute(sql: string, values: readonly SqlValue[]): Promise<SqlResult>;
  /** BEGIN, COMMIT or ROLLBACK. */
  control(sql: string): Promise<unknown>;
  release(broken: boolean): void;
}

/** A pool of connections to the primary, whatever the driver. */
export interface ConnectionPool {
  readonly dialect: Dialect;
  readonly begin: string;
  acquire(): Promise<PooledConnection>;
  /** Whether the server answered at all, so that the connection is still in order. */
  isAnswer(error: unknown): boolean;
  /** Whether the same transaction may succeed when it is run again: a deadlock, a serialization failure. */
  isTransient(error: unknown): boolean;
}

/** A database server behind a pool: nobody waits longer than the deadline, and a hung connection is given up. */
export class PooledDatabase implements SqlDatabase {
  readonly dialect: Dialect;
  #waiting = 0;

  constructor(
    private readonly pool: ConnectionPool,
    private readonly deadline: number,
  ) {
    this.dialect = pool.dialect;
  }

  async rows(sql: string, values: readonly SqlValue[]): Promise<SqlRow[]> {
    return (await this.#patiently((connection) => connection.execute(sql, values))).rows;
  }

  async run(sql: string, values: readonly SqlValue[]): Promise<number> {
    return (await this.#patiently((connection) => connection.execute(sql, values))).changed;
  }

  transaction<T>(work: (executor: SqlExecutor) => Promise<T>): Promise<T> {
    return this.#patiently((connection) => this.#transact(connection, work));
  }

  async #patiently<T>(work: (connection: PooledConnection) => Promise<T>): Promise<T> {
    const deadline = new Deadline(this.deadline);
    try {
      return await this.#tryAgain(() => this.#lend(deadline, work));
    } finally {
      deadline.clear();
    }
  }

  async #tryAgain<T>(step: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await step();
      } catch (error) {
        if (tries === MAX_TRIES || !this.pool.isTransient(error)) throw error;
      }
    }
  }

  async #lend<T>(deadline: Deadline, work: (connection: PooledConnection) => Promise<T>): Promise<T> {
    const acquiring = this.#acquire();
    const connection = await deadline.race(acquiring, () => giveBack(acquiring));
    let broken = true;
    try {
      const result = await deadline.race(work(connection));
      broken = false;
      return result;
    } catch (error) {
      broken = !this.pool.isAnswer(error);
      throw error;
    } finally {
      connection.release(broken);
    }
  }

  async #acquire(): Promise<PooledConnection> {
    if (this.#waiting >= MAX_WAITING) throw new Error(`${MAX_WAITING} requests wait for a connection already`);
    this.#waiting += 1;
    try {
      return await this.pool.acquire();
    } finally {
      this.#waiting -= 1;
    }
  }

  async #transact<T>(connection: PooledConnection, work: (executor: SqlExecutor) => Promise<T>): Promise<T> {
    await connection.control(this.pool.begin);
    try {
      const result = await work({
        rows: async (sql, values) => (await connection.execute(sql, values)).rows,
        run: async (sql, values) => (await connection.execute(sql, values)).changed,
      });
      await connection.control('COMMIT');
      return result;
    } catch (error) {
      if (this.pool.isAnswer(error)) await connection.control('ROLLBACK');
      throw error;
    }
  }
}

/** The time one request may take in all: waiting for a connection, its statements, and further tries. */
class Deadline {
  readonly #passed: Promise<never>;
  #timer: NodeJS.Timeout | undefined;

  constructor(milliseconds: number) {
    this.#passed = new Promise((_, reject) => {
      const late = () => reject(new Error(`The database did not answer within ${milliseconds} ms`));
      this.#timer = setTimeout(late, milliseconds);
    });
    this.#passed.catch(() => {});
  }

  async race<T>(step: Promise<T>, onLate?: () => void): Promise<T> {
    try {
      return await Promise.race([step, this.#passed]);
    } catch (error) {
      step.catch(() => {});
      onLate?.();
      throw error;
    }
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}

/** A connection that comes after its deadline goes straight back. */
function giveBack(acquiring: Promise<PooledConnection>): void {
  acquiring.then(
    (late) => late.release(false),
    () => {},
  );
}
