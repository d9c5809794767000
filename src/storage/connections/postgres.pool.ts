import { answerInTime, type ConnectionPool, type PooledConnection } from './connection-pool.js';
import type { Dialect } from '../sql/dialects/dialect.js';
import { postgresWith } from '../sql/dialects/postgres.js';
import { driverErrorField } from '../sql/driver-error.js';
import { DEFAULT_TABLES } from '../sql/table-names.js';
import { type LentClient, PostgresConnection } from './postgres.connection.js';
import { PreparedNames } from './prepared-names.js';
import type { ServerLimits } from './server-limits.js';
import type { UnusedConnections } from './unused-connections.js';

/** The part of a node-postgres `Pool` that is used here. */
export interface PgPool {
  readonly options: { readonly max?: number | undefined };
  connect(): Promise<LentClient>;
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

/** A pool of node-postgres, with prepared statements. */
export class PostgresPool implements ConnectionPool {
  readonly dialect: Dialect;
  readonly size: number;
  readonly #known = new WeakMap<LentClient, PostgresConnection>();
  readonly #names: PreparedNames;

  /**
   * `isOurs`: nobody else uses the connections, so they can be set up permanently. `unused` is given if the process may be
   * frozen.
   */
  constructor(
    private readonly pool: PgPool,
    private readonly limits: ServerLimits,
    private readonly isOurs: boolean,
    tables = DEFAULT_TABLES,
    private readonly unused?: UnusedConnections | undefined,
  ) {
    this.dialect = postgresWith(tables);
    this.#names = new PreparedNames(this.dialect);
    this.size = pool.options.max ?? 10;
  }

  async acquire(): Promise<PooledConnection> {
    let client = await this.pool.connect();
    while (this.unused?.refuses(client)) {
      client.release(true);
      client = await this.pool.connect();
    }
    const connection = this.#known.get(client) ?? this.#meet(client);
    try {
      if (connection.isDue) await answerInTime(connection.ask(), this.limits.statement);
    } catch (error) {
      client.release(true);
      throw error;
    }
    return connection;
  }

  isAnswer(error: unknown): boolean {
    const code = codeOf(error);
    return code === QUERY_CANCELED || (code.length === 5 && !CONNECTION_IS_OVER.test(code));
  }

  isTransient(error: unknown): boolean {
    const code = codeOf(error);
    const isMixed = MIXED_NAMES.includes(code);
    if (isMixed) this.#names.giveUp();
    // A statement whose name was mixed up was not executed. Several requests may meet that at the same time.
    return isMixed || code === DEADLOCK || code === SERIALIZATION_FAILURE;
  }

  warnTo(warn: (line: string) => void): void {
    this.#names.warnTo(warn);
  }

  #meet(client: LentClient): PostgresConnection {
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
