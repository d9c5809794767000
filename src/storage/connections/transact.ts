import type { ConnectionPool, PooledConnection } from './connection-pool.js';
import type { Deadline } from './deadline.js';
import type { SqlExecutor } from '../sql/sql-database.js';

/** Nothing of a transaction happened, and it may be run again: its connection was lost before it was to be committed. */
export class UndoneTransaction {
  constructor(readonly cause: unknown) {}
}

/**
 * Runs the work in a transaction of this connection: all of it happens, or nothing. Rejects with what went wrong, or with
 * an UndoneTransaction.
 */
export async function transact<T>(
  pool: ConnectionPool,
  connection: PooledConnection,
  deadline: Deadline,
  work: () => Promise<T>,
): Promise<T> {
  let isCommitting = false;
  try {
    await connection.begin();
    const result = await work();
    deadline.check();
    isCommitting = true;
    await connection.finish('COMMIT');
    return result;
  } catch (error) {
    if (pool.isAnswer(error) || deadline.isLate(error)) await connection.finish('ROLLBACK');
    else if (!isCommitting) throw new UndoneTransaction(error);
    throw error;
  }
}

/** The statements of a transaction on this connection; none of them begins once the time is over. */
export function executorOn(connection: PooledConnection, deadline: Deadline): SqlExecutor {
  const execute: PooledConnection['execute'] = async (sql, values) => {
    deadline.check();
    return connection.execute(sql, values);
  };
  return {
    rows: async (sql, values) => (await execute(sql, values)).rows,
    run: async (sql, values) => (await execute(sql, values)).changed,
  };
}
