import type { DataSource } from 'typeorm';
import { answerInTime, type ConnectionPool, type PooledConnection } from './connection-pool.js';
import { mysql } from '../sql/dialects/mysql.js';
import { driverErrorField } from '../sql/driver-error.js';
import { QueryKiller } from './kill-query.js';
import type { MysqlClient, MysqlModule } from './mysql-client.js';
import { MysqlConnection } from './mysql.connection.js';
import type { ServerLimits } from './server-limits.js';

interface Driver {
  readonly mysql: MysqlModule;
  readonly pool?: { readonly config?: { readonly connectionLimit?: number } };
  obtainMasterConnection(): Promise<MysqlClient>;
}

const DEADLOCK = 1213;
const LOCK_WAIT_TIMEOUT = 1205;
/** Errors of a server that does not accept writes: read-only, a read-only transaction, read-only by InnoDB. */
const READ_ONLY = [1290, 1792, 1836];

/** The pool of a MySQL or MariaDB DataSource, always to the primary, with prepared statements. */
export class MysqlPool implements ConnectionPool {
  readonly dialect = mysql;
  readonly size: number;
  readonly #driver: Driver;
  readonly #killer: QueryKiller;
  readonly #known = new WeakMap<MysqlClient, MysqlConnection>();
  readonly #written = new Map<string, string>();
  readonly #write = (sql: string) => this.#writtenFor(sql);

  /** `isOurs`: nobody else uses the connections of the DataSource, so they can be set up permanently. */
  constructor(
    dataSource: DataSource,
    private readonly limits: ServerLimits,
    private readonly isOurs: boolean,
  ) {
    this.#driver = dataSource.driver as unknown as Driver;
    this.#killer = new QueryKiller(this.#driver.mysql);
    this.size = this.#driver.pool?.config?.connectionLimit ?? dataSource.options.poolSize ?? 10;
  }

  async acquire(): Promise<PooledConnection> {
    const client = await this.#driver.obtainMasterConnection();
    const connection = this.#known.get(client) ?? this.#meet(client);
    if (!connection.isDue) return connection;
    try {
      await answerInTime(connection.ask(), this.limits.statement);
      return connection;
    } catch (error) {
      connection.release(true);
      throw error;
    }
  }

  isAnswer(error: unknown): boolean {
    const number = numberOf(error);
    return number !== 0 && driverErrorField(error, 'fatal') !== true && !READ_ONLY.includes(number);
  }

  isTransient(error: unknown): boolean {
    return [DEADLOCK, LOCK_WAIT_TIMEOUT].includes(numberOf(error));
  }

  #meet(client: MysqlClient): MysqlConnection {
    const connection = new MysqlConnection(client, this.#killer, this.#write, this.limits, this.isOurs);
    this.#known.set(client, connection);
    return connection;
  }

  #writtenFor(sql: string): string {
    const written = this.#written.get(sql) ?? this.dialect.write(sql);
    this.#written.set(sql, written);
    return written;
  }
}

function numberOf(error: unknown): number {
  return driverErrorField(error, 'sqlState') === undefined ? 0 : Number(driverErrorField(error, 'errno'));
}
