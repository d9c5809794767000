import type { DataSource } from 'typeorm';
import type { MysqlModule } from '../connections/mysql-client.js';
import type { ConnectionPool } from '../connections/connection-pool.js';
import { type CallbackPool, MysqlPool, type MysqlSource } from '../connections/mysql.pool.js';
import type { ListeningPool } from '../connections/postgres.feed.js';
import { type PgPool, PostgresPool } from '../connections/postgres.pool.js';
import { limitsFor } from '../connections/server-limits.js';
import type { TableNames } from '../sql/table-names.js';
import { UNUSED_AT_SERVER, type UnusedConnections } from '../connections/unused-connections.js';
import type { SqliteConnection } from '../connections/sqlite-statements.js';

const DEFAULT_POOL_SIZE = 10;

/** What TypeORM's driver for MySQL holds; with replication a cluster of pools, whose master is the primary. */
interface MysqlDriver {
  readonly mysql: MysqlModule;
  readonly pool?: CallbackPool & { readonly config?: { readonly connectionLimit?: number } };
  readonly poolCluster?: { getConnection(name: 'MASTER', done: Parameters<CallbackPool['getConnection']>[0]): void };
}

/** The pool of a PostgreSQL DataSource, always to the primary. */
export function pgPoolOf({ driver }: DataSource): PgPool & ListeningPool {
  return (driver as unknown as { master: PgPool & ListeningPool }).master;
}

/** The pool of the DataSource of a server, as its driver made it. */
export function driverPoolOf(dataSource: DataSource): object {
  return dataSource.options.type === 'postgres' ? pgPoolOf(dataSource) : mysqlSourceOf(dataSource).pool;
}

/** How the pool of a DataSource is used. */
interface PoolUse {
  /** How long a request may wait, in milliseconds. */
  readonly timeout: number;
  /** Whether nobody else uses its connections. */
  readonly isOurs: boolean;
  readonly tables: TableNames;
  /** Given if the process may be frozen. */
  readonly unused?: UnusedConnections | undefined;
}

/** The pool of the DataSource of a server. */
export function poolOf(dataSource: DataSource, { timeout, isOurs, tables, unused }: PoolUse): ConnectionPool {
  const limits = limitsFor(timeout, unused && UNUSED_AT_SERVER);
  if (dataSource.options.type === 'postgres') {
    return new PostgresPool(pgPoolOf(dataSource), limits, isOurs, tables, unused);
  }
  return new MysqlPool(mysqlSourceOf(dataSource), limits, isOurs, tables, unused);
}

function mysqlSourceOf({ driver, options }: DataSource): MysqlSource {
  const { mysql: module, pool, poolCluster } = driver as unknown as MysqlDriver;
  const size = pool?.config?.connectionLimit ?? options.poolSize ?? DEFAULT_POOL_SIZE;
  if (pool) return { pool, size, module };
  return { pool: { getConnection: (done) => poolCluster?.getConnection('MASTER', done) }, size, module };
}

/** The connection of a better-sqlite3 DataSource. */
export function sqliteConnectionOf({ driver }: DataSource): SqliteConnection {
  return (driver as unknown as { databaseConnection: SqliteConnection }).databaseConnection;
}

/** Whether it is a DataSource, also of another copy or version of TypeORM than the one this library imports. */
export function isDataSource(given: unknown): given is DataSource {
  if (typeof given !== 'object' || given === null) return false;
  const { driver, initialize } = given as Partial<DataSource>;
  return typeof driver === 'object' && typeof initialize === 'function';
}
