import { answerInTime, type ConnectionPool, type PooledConnection } from './connection-pool.js';
import type { Dialect } from '../sql/dialects/dialect.js';
import { mysqlWith } from '../sql/dialects/mysql.js';
import { driverErrorField } from '../sql/driver-error.js';
import { DEFAULT_TABLES } from '../sql/table-names.js';
import { QueryKiller } from './kill-query.js';
import type { MysqlClient, MysqlModule } from './mysql-client.js';
import { MysqlConnection } from './mysql.connection.js';
import type { ServerLimits } from './server-limits.js';
import type { UnusedConnections } from './unused-connections.js';

/** The part of a mysql2 pool with callbacks that is used here. */
export interface CallbackPool {
  getConnection(done: (error: Error | null, client: MysqlClient) => void): void;
}

/** A pool, how many connections it has at most, and the module it comes from. */
export interface MysqlSource {
  readonly pool: CallbackPool;
  readonly size: number;
  readonly module: MysqlModule;
}

const DEADLOCK = 1213;
const LOCK_WAIT_TIMEOUT = 1205;
/** Errors of a server that does not accept writes: read-only, a read-only transaction, read-only by InnoDB. */
const READ_ONLY = [1290, 1792, 1836];

/** A pool of mysql2, with prepared statements. */
export class MysqlPool implements ConnectionPool {
  readonly dialect: Dialect;
  readonly size: number;
  readonly #pool: CallbackPool;
  readonly #killer: QueryKiller;
  readonly #known = new WeakMap<MysqlClient, MysqlConnection>();
  readonly #written = new Map<string, string>();
  readonly #write = (sql: string) => this.#writtenFor(sql);

  /**
   * `isOurs`: nobody else uses the connections, so they can be set up permanently. `unused` is given if the process may be
   * frozen.
   */
  constructor(
    { pool, size, module }: MysqlSource,
    private readonly limits: ServerLimits,
    private readonly isOurs: boolean,
    tables = DEFAULT_TABLES,
    private readonly unused?: UnusedConnections | undefined,
  ) {
    this.dialect = mysqlWith(tables);
    this.#pool = pool;
    this.#killer = new QueryKiller(module);
    this.size = size;
  }

  async acquire(): Promise<PooledConnection> {
    let client = await this.#obtain();
    while (this.unused?.refuses(client)) {
      client.destroy();
      client = await this.#obtain();
    }
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

  #obtain(): Promise<MysqlClient> {
    return new Promise((resolve, reject) => {
      this.#pool.getConnection((error, client) => (error ? reject(error) : resolve(client)));
    });
  }

  #meet(client: MysqlClient): MysqlConnection {
    // A client whose connection breaks emits an error; without a listener, that would end the process.
    client.on('error', () => {});
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
