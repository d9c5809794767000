import { DataSource, type DataSourceOptions } from 'typeorm';
import type { SqlExecutor } from '../../src/storage/sql/sql-database.js';
import type { TestDatabase } from './databases.js';

const CONNECTIONS = {
  postgres:
    'SELECT COUNT(*) AS count FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  mysql: 'SELECT COUNT(*) - 1 AS count FROM information_schema.processlist WHERE db = DATABASE()',
};
const IN_TRANSACTIONS = {
  postgres: "SELECT COUNT(*) AS count FROM pg_stat_activity WHERE state = 'idle in transaction'",
  mysql: 'SELECT COUNT(*) AS count FROM information_schema.innodb_trx',
};
const OWN_ID = { postgres: 'SELECT pg_backend_pid() AS id', mysql: 'SELECT CONNECTION_ID() AS id' };
const CLOSE = {
  postgres: (id: number) => `SELECT pg_terminate_backend(${id}, 5000)`,
  mysql: (id: number) => `KILL ${id}`,
};
/** If asked more than ten times a second, MariaDB repeats its last answer. */
const PAUSE = 150;
const TRIES = 200;

/** Observes a database server, and can lock its tables. */
export class Onlooker {
  readonly #kind: 'postgres' | 'mysql';

  private constructor(
    private readonly dataSource: DataSource,
    kind: TestDatabase['kind'],
  ) {
    this.#kind = kind === 'postgres' ? 'postgres' : 'mysql';
  }

  static async of({ options, kind }: TestDatabase): Promise<Onlooker> {
    const one = { ...options, poolSize: 1 } as DataSourceOptions;
    return new Onlooker(await new DataSource(one).initialize(), kind);
  }

  leave(): Promise<void> {
    return this.dataSource.destroy();
  }

  query<T>(sql: string): Promise<T[]> {
    return this.dataSource.query(sql);
  }

  /** Connections of others to this database. */
  connections(): Promise<number> {
    return this.#count(CONNECTIONS[this.#kind]);
  }

  /** Has the server close the connection of this executor. */
  async close(executor: SqlExecutor): Promise<void> {
    const [row] = await executor.rows(OWN_ID[this.#kind], []);
    await this.query(CLOSE[this.#kind](Number(row?.id)));
  }

  /** Resolves once the server has an open transaction that is idle. */
  async seesTransaction(): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) {
      if ((await this.#count(IN_TRANSACTIONS[this.#kind])) > 0) return;
      await new Promise((done) => setTimeout(done, PAUSE));
    }
    throw new Error('no transaction was left open');
  }

  /** Keeps everybody else from the table, until `unlock`. */
  async lock(table: string): Promise<void> {
    if (this.#kind === 'mysql') return void (await this.query(`LOCK TABLES ${table} WRITE`));
    await this.query('BEGIN');
    await this.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  }

  async unlock(): Promise<void> {
    await this.query(this.#kind === 'mysql' ? 'UNLOCK TABLES' : 'COMMIT');
  }

  async #count(sql: string): Promise<number> {
    const [row] = await this.query<{ count: unknown }>(sql);
    return Number(row?.count);
  }
}
