import type { DataSource } from 'typeorm';
import { mysql } from './dialect.js';
import { driverErrorField } from './driver-error.js';
import type { ConnectionPool, PooledConnection } from './pooled.database.js';
import type { SqlRow, SqlValue } from './sql-executor.js';

type Callback = (error: Error | null, result: SqlRow[] | { affectedRows: number }) => void;

/** The part of mysql2 used here. */
interface Connection {
  execute(sql: string, values: readonly SqlValue[], done: Callback): void;
  query(sql: string, done: Callback): void;
  release(): void;
  destroy(): void;
}
interface Driver {
  obtainMasterConnection(): Promise<Connection>;
}

const DEADLOCK = 1213;
const LOCK_WAIT_TIMEOUT = 1205;

/** The pool of a MySQL or MariaDB DataSource, always to the primary, with prepared statements. */
export class MysqlPool implements ConnectionPool {
  readonly dialect = mysql;
  readonly begin = 'START TRANSACTION';
  readonly #driver: Driver;
  readonly #written = new Map<string, string>();

  constructor(dataSource: DataSource) {
    this.#driver = dataSource.driver as unknown as Driver;
  }

  async acquire(): Promise<PooledConnection> {
    const connection = await this.#driver.obtainMasterConnection();
    return {
      execute: async (sql, values) => {
        const result = await promised((done) => connection.execute(this.#write(sql), values, done));
        return Array.isArray(result) ? { rows: result, changed: 0 } : { rows: [], changed: result.affectedRows };
      },
      control: (sql) => promised((done) => connection.query(sql, done)),
      release: (broken) => (broken ? connection.destroy() : connection.release()),
    };
  }

  isAnswer(error: unknown): boolean {
    return numberOf(error) !== 0 && driverErrorField(error, 'fatal') !== true;
  }

  isTransient(error: unknown): boolean {
    return [DEADLOCK, LOCK_WAIT_TIMEOUT].includes(numberOf(error));
  }

  #write(sql: string): string {
    const written = this.#written.get(sql) ?? this.dialect.write(sql);
    this.#written.set(sql, written);
    return written;
  }
}

function promised(start: (done: Callback) => void): Promise<SqlRow[] | { affectedRows: number }> {
  return new Promise((resolve, reject) => start((error, result) => (error ? reject(error) : resolve(result))));
}

function numberOf(error: unknown): number {
  return driverErrorField(error, 'sqlState') === undefined ? 0 : Number(driverErrorField(error, 'errno'));
}
