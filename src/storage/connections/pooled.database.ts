import type { ConnectionPool, PooledConnection, SqlResult } from './connection-pool.js';
import { Deadline } from './deadline.js';
import type { Dialect } from '../sql/dialects/dialect.js';
import { Lane } from './lane.js';
import type { SqlDatabase, SqlExecutor } from '../sql/sql-database.js';
import type { SqlRow, SqlValue } from '../sql/sql-value.js';
import { executorOf, transact, UndoneTransaction } from './transact.js';

const MAX_TRIES = 5;
/** How long a connection whose statement was given up may take to become free before it is closed, in milliseconds. */
const GRACE = 1_000;
/** The shares of the pool. */
const SHARES = { ordinary: 0.5, bulk: 0.4 };
/** How bulk work makes room in a crowd: otherwise checks would wait for the processor and the server. */
const BULK_CROWD = { from: 20, share: 0.3, rest: 5 };
const CHANGE = /^(?:INSERT|UPDATE|DELETE)\b/;

type Work<T> = (connection: PooledConnection, deadline: Deadline) => Promise<T>;

/**
 * A database server behind a pool: no request waits longer than its deadline, and a statement that is given up is
 * cancelled at the server before its connection is used again.
 */
export class PooledDatabase implements SqlDatabase {
  readonly dialect: Dialect;
  readonly ordinary: SqlDatabase;
  readonly bulk: SqlDatabase;
  readonly #lane: Lane;

  /** `timeout`: how long one request may wait, in milliseconds. Without a `lane` it may use the whole pool. */
  constructor(
    private readonly pool: ConnectionPool,
    private readonly timeout: number,
    lane?: Lane,
  ) {
    this.dialect = pool.dialect;
    this.#lane = lane ?? new Lane(pool.size);
    const placesOf = (share: number) => Math.max(1, Math.floor(pool.size * share));
    const partOf = (part: Lane) => (lane ? this : new PooledDatabase(pool, timeout, part));
    const crowd = { ...BULK_CROWD, places: placesOf(BULK_CROWD.share) };
    this.ordinary = partOf(new Lane(placesOf(SHARES.ordinary)));
    this.bulk = partOf(new Lane(placesOf(SHARES.bulk), crowd));
  }

  async rows(sql: string, values: readonly SqlValue[]): Promise<SqlRow[]> {
    return (await this.#execute(sql, values)).rows;
  }

  async run(sql: string, values: readonly SqlValue[]): Promise<number> {
    return (await this.#execute(sql, values)).changed;
  }

  transaction<T>(work: (executor: SqlExecutor) => Promise<T>, key?: string): Promise<T> {
    return this.#patiently(
      (connection, deadline) => transact(this.pool, connection, deadline, (execute) => work(executorOf(execute))),
      key,
    );
  }

  #execute(sql: string, values: readonly SqlValue[]): Promise<SqlResult> {
    return this.#patiently((connection, deadline) => {
      if (!connection.wrapsChanges || !CHANGE.test(sql)) return connection.execute(sql, values);
      return transact(this.pool, connection, deadline, (execute) => execute(sql, values));
    });
  }

  async #patiently<T>(work: Work<T>, key?: string): Promise<T> {
    const deadline = new Deadline(this.timeout);
    try {
      const leave = await this.#lane.enterBy(deadline, key);
      return await this.#tryAgain(() => this.#lend(deadline, work)).finally(leave);
    } finally {
      deadline.clear();
    }
  }

  async #tryAgain<T>(step: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await step();
      } catch (error) {
        const isUndone = error instanceof UndoneTransaction;
        if (tries < MAX_TRIES && (isUndone || this.pool.isTransient(error))) continue;
        throw isUndone ? error.cause : error;
      }
    }
  }

  async #lend<T>(deadline: Deadline, work: Work<T>): Promise<T> {
    const acquiring = this.pool.acquire();
    const connection = await deadline.race(acquiring, () => giveBack(acquiring));
    const working = work(connection, deadline);
    try {
      const result = await deadline.race(working);
      connection.release(false);
      return result;
    } catch (error) {
      if (deadline.isLate(error)) void this.#giveUp(connection, working, deadline);
      else connection.release(!this.pool.isAnswer(error));
      throw error;
    }
  }

  /**
   * The place in the pool is kept until the server has finished: otherwise a new connection would be opened in
   * addition.
   */
  async #giveUp(connection: PooledConnection, working: Promise<unknown>, deadline: Deadline): Promise<void> {
    const inOrder = working.then(
      () => true,
      (error) => this.pool.isAnswer(error) || deadline.isLate(error),
    );
    // A cancel request that arrives after the statement ended would cancel the statement of the next request.
    const cancelled = (await isPending(inOrder)) && connection.cancel();
    const over = Promise.all([inOrder, cancelled]).then(([isInOrder]) => isInOrder);
    connection.release(!(await inTime(over, GRACE)));
  }
}

/** A connection that arrives after its deadline is returned at once. */
function giveBack(acquiring: Promise<PooledConnection>): void {
  acquiring.then(
    (late) => late.release(false),
    () => {},
  );
}

async function isPending(outcome: Promise<boolean>): Promise<boolean> {
  const pending = Symbol('pending');
  return (await Promise.race([outcome, Promise.resolve(pending)])) === pending;
}

/** The result of the promise, or false once that takes too long. */
function inTime(outcome: Promise<boolean>, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), milliseconds);
    void outcome.then((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}
