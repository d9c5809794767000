import type { DataSource } from 'typeorm';
import { answerInTime, type ConnectionPool, type PooledConnection } from './connection-pool.js';
import { postgres } from '../sql/dialects/postgres.js';
import { driverErrorField } from '../sql/driver-error.js';
import { PostgresConnection, type PostgresClient } from './postgres.connection.js';
import { PreparedNames } from './prepared-names.js';
import type { ServerLimits } from './server-limits.js';

interface Driver {
  obtainMasterConnection(): Promise<[PostgresClient, (error?: Error | boolean) => void]>;
  readonly master: { readonly options: { readonly max?: number } };
}

const DEADLOCK = '40P01';
const SERIALIZATION_FAILURE = '40001';
const QUERY_CANCELED = '57014';
/**
 * Another client's statement has our name, or no statement has it: a pooler mixes the connections of several processes.
 */
const MIXED_NAMES = ['42P05', '26000'];
/**
 * The server shuts down, broke off, ended the connection (also for being idle in a transaction), or does not accept
 * writes.
 */
const CONNECTION_IS_OVER = /^(?:57...|08...|25P03|25006)$/;

/** The pool of a PostgreSQL DataSource, always to the primary, with prepared statements. */
export class PostgresPool implements ConnectionPool {
  readonly dialect = postgres;
  readonly size: number;
  readonly #driver: Driver;
  readonly #known = new WeakMap<PostgresClient, PostgresConnection>();
  readonly #names = new PreparedNames(postgres);

  /** `isOurs`: nobody else uses the connections of the DataSource, so they can be set up permanently. */
  constructor(
    dataSource: DataSource,
    private readonly limits: ServerLimits,
    private readonly isOurs: boolean,
  ) {
    this.#driver = dataSource.driver as unknown as Driver;
    this.size = this.#driver.master.options.max ?? 10;
  }

  async acquire(): Promise<PooledConnection> {
    const [client, release] = await this.#driver.obtainMasterConnection();
    const connection = this.#known.get(client) ?? this.#meet(client);
    try {
      if (connection.isDue) await answerInTime(connection.ask(), this.limits.statement);
    } catch (error) {
      release(true);
      throw error;
    }
    return connection.lent(release);
  }

  isAnswer(error: unknown): boolean {
    const code = codeOf(error);
    return code === QUERY_CANCELED || (code.length === 5 && !CONNECTION_IS_OVER.test(code));
  }

  isTransient(error: unknown): boolean {
    const code = codeOf(error);
    if (MIXED_NAMES.includes(code)) return this.#names.giveUp();
    return code === DEADLOCK || code === SERIALIZATION_FAILURE;
  }

  #meet(client: PostgresClient): PostgresConnection {
    // A client on loan whose connection breaks emits an error; without a listener, that would end the process.
    client.on('error', () => {});
    const connection = new PostgresConnection(client, this.#names, this.limits, this.isOurs);
    this.#known.set(client, connection);
    return connection;
  }
}

function codeOf(error: unknown): string {
  return String(driverErrorField(error, 'code') ?? '');
}
