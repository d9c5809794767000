import type { ConnectionPool, PooledConnection } from './connection-pool.js';
import type { Deadline } from './deadline.js';
import type { SqlExecutor } from './sql-executor.js';

/** Runs the work in a transaction of this connection: all of it happens, or nothing. */
export async function transact<T>(
  pool: ConnectionPool,
  connection: PooledConnection,
  deadline: Deadline,
  work: () => Promise<T>,
): Promise<T> {
  await connection.begin();
  try {
    const result = await work();
    deadline.check();
    await connection.finish('COMMIT');
    return result;
  } catch (error) {
    if (pool.isAnswer(error) || deadline.isLate(error)) await connection.finish('ROLLBACK');
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
