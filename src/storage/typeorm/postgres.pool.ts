import type { DataSource } from 'typeorm';
import { postgres } from './dialect.js';
import { driverErrorField } from './driver-error.js';
import type { ConnectionPool, PooledConnection } from './pooled.database.js';
import type { SqlRow, SqlValue } from './sql-executor.js';

/** The part of node-postgres used here. */
interface Client {
  query(query: {
    name?: string;
    text: string;
    values?: readonly SqlValue[];
  }): Promise<{ rows: SqlRow[]; rowCount: number | null }>;
  on(event: 'error', listener: () => void): unknown;
}
interface Driver {
  obtainMasterConnection(): Promise<[Client, (error?: Error | boolean) => void]>;
}

const DEADLOCK = '40P01';
const SERIALIZATION_FAILURE = '40001';

/** The pool of a PostgreSQL DataSource, always to the primary, with prepared statements. */
export class PostgresPool implements ConnectionPool {
  readonly dialect = postgres;
  readonly begin = 'BEGIN ISOLATION LEVEL READ COMMITTED';
  readonly #driver: Driver;
  readonly #surviving = new WeakSet<Client>();
  readonly #names = new Map<string, { name: string; text: string }>();

  constructor(dataSource: DataSource) {
    this.#driver = dataSource.driver as unknown as Driver;
  }

  async acquire(): Promise<PooledConnection> {
    const [client, release] = await this.#driver.obtainMasterConnection();
    this.#survive(client);
    return {
      execute: async (sql, values) => {
        const { rows, rowCount } = await client.query({ ...this.#prepared(sql), values });
        return { rows, changed: rowCount ?? 0 };
      },
      control: (text) => client.query({ text }),
      release: (broken) => release(broken),
    };
  }

  isAnswer(error: unknown): boolean {
    // Class 57: the server is going down, or somebody ended this connection.
    const code = codeOf(error);
    return code.length === 5 && !code.startsWith('57') && !code.startsWith('08');
  }

  isTransient(error: unknown): boolean {
    return [DEADLOCK, SERIALIZATION_FAILURE].includes(codeOf(error));
  }

  /** A client on loan whose connection breaks emits an error; unheard, it would end the process. */
  #survive(client: Client): void {
    if (!this.#surviving.has(client)) client.on('error', () => {});
    this.#surviving.add(client);
  }

  #prepared(sql: string): { name: string; text: string } {
    const known = this.#names.get(sql);
    if (known) return known;
    const prepared = { name: `session_registry_${this.#names.size}`, text: this.dialect.write(sql) };
    this.#names.set(sql, prepared);
    return prepared;
  }
}

function codeOf(error: unknown): string {
  return String(driverErrorField(error, 'code') ?? '');
}
