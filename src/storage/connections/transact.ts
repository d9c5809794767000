import type { SqlExecutor } from '../sql/sql-database.js';
import type { ConnectionPool, PooledConnection, SqlResult } from './connection-pool.js';
import type { Deadline } from './deadline.js';

/** Nothing of a transaction happened, and it may be run again: its connection was lost before the commit was sent. */
export class UndoneTransaction {
  constructor(readonly cause: unknown) {}
}

/** The statements of a transaction; none of them begins once the time is over. Rejects like its connection. */
export type Execute = PooledConnection['execute'];

/**
 * Runs the work in a transaction of this connection: all of it happens, or nothing. Rejects with the original error, or
 * with an UndoneTransaction.
 */
export async function transact<T>(
  pool: ConnectionPool,
  connection: PooledConnection,
  deadline: Deadline,
  work: (execute: Execute) => Promise<T>,
): Promise<T> {
  const isInOrder = (error: unknown) => pool.isAnswer(error) || deadline.isLate(error);
  const undone = (error: unknown): never => {
    throw isInOrder(error) ? error : new UndoneTransaction(error);
  };
  const execute = async (...statement: Parameters<Execute>): Promise<SqlResult> => {
    deadline.check();
    return connection.execute(...statement).catch(undone);
  };
  try {
    await connection.begin().catch(undone);
    const result = await work(execute);
    deadline.check();
    await connection.finish('COMMIT');
    return result;
  } catch (error) {
    if (isInOrder(error)) await connection.finish('ROLLBACK');
    throw error;
  }
}

/** A transaction as the store writes to it. */
export function executorOf(execute: Execute): SqlExecutor {
  return {
    rows: async (sql, values) => (await execute(sql, values)).rows,
    run: async (sql, values) => (await execute(sql, values)).changed,
  };
}
