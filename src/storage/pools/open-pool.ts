import { ConfigurationError } from '../../errors.js';
import type { FeedChannel } from '../../events/message-feed.js';
import type { ConnectionPool } from '../connections/connection-pool.js';
import type { MysqlModule } from '../connections/mysql-client.js';
import { MysqlPool } from '../connections/mysql.pool.js';
import { PooledDatabase } from '../connections/pooled.database.js';
import { PostgresFeed } from '../connections/postgres.feed.js';
import { PostgresPool } from '../connections/postgres.pool.js';
import { limitsFor } from '../connections/server-limits.js';
import { openSqlite } from '../connections/open-sqlite.js';
import { MIGRATION_TIME, migratePatiently } from '../sql/migrations/migrate-patiently.js';
import { type ConnectedDatabase, inspected, type OpenedDatabase } from '../sql/opened-database.js';
import type { AppMysqlPool, AppMysqlPromisePool, AppPgPool, AppPool, AppSqlite } from './app-pool.js';
import { kindOfPool } from './app-pool.js';

/** A pool of the app, whether to migrate its database, and how long one request may wait for it, in milliseconds. */
export interface PoolChoice {
  readonly pool: AppPool;
  readonly migrate: boolean;
  readonly timeout: number;
}

const DEFAULT_POOL_SIZE = 10;
const OF_APP = 'the pool of the app';

/** Runs the store on a pool that the app has anyway. The pool stays open. Throws ConfigurationError. */
export async function openPool({ pool, migrate, timeout }: PoolChoice): Promise<OpenedDatabase> {
  return inspected(await connect(pool, migrate, timeout));
}

async function connect(pool: AppPool, migrate: boolean, timeout: number): Promise<ConnectedDatabase> {
  const kind = kindOfPool(pool);
  if (kind === 'sqlite') return openFile(pool as AppSqlite, migrate, timeout);
  if (kind === 'postgres') return openPostgres(pool as AppPgPool, migrate, timeout);
  const callbacks = kind === 'mysql promises' ? (pool as AppMysqlPromisePool).pool : (pool as AppMysqlPool);
  const module = await mysqlModule();
  const size = callbacks.config?.connectionLimit ?? DEFAULT_POOL_SIZE;
  const poolFor = (time: number) => new MysqlPool({ pool: callbacks, size, module }, limitsFor(time), false);
  return openServer(poolFor, migrate, timeout);
}

async function openPostgres(pool: AppPgPool, migrate: boolean, timeout: number): Promise<ConnectedDatabase> {
  const connected = await openServer((time) => new PostgresPool(pool, limitsFor(time), false), migrate, timeout);
  return { ...connected, feed: (channel: FeedChannel) => new PostgresFeed(pool, connected.database, channel) };
}

async function openServer(
  poolFor: (time: number) => ConnectionPool,
  migrate: boolean,
  timeout: number,
): Promise<ConnectedDatabase> {
  if (migrate) await migratePatiently(new PooledDatabase(poolFor(MIGRATION_TIME), MIGRATION_TIME));
  const pool = poolFor(timeout);
  const database = new PooledDatabase(pool, timeout);
  return { database, over: OF_APP, warnTo: (warn) => pool.warnTo?.(warn), close: async () => {} };
}

/** A file gets a separate connection, so that no transaction of the app blocks or undoes what is written here. */
async function openFile(given: AppSqlite, migrate: boolean, timeout: number): Promise<ConnectedDatabase> {
  const isShared = given.name === '' || given.name === ':memory:';
  const Database = given.constructor as new (file: string) => AppSqlite;
  const connection = isShared ? given : new Database(given.name);
  const close = async () => void (isShared || connection.close());
  return { database: await openSqlite(connection, { migrate, timeout }, close), over: OF_APP, close };
}

/** For cancelling statements, over a connection beside the pool. */
async function mysqlModule(): Promise<MysqlModule> {
  try {
    return (await import('mysql2')) as unknown as MysqlModule;
  } catch (cause) {
    const problem = 'it is a pool of mysql2, and the package `mysql2` cannot be loaded from here';
    throw Object.assign(new ConfigurationError('database', problem, 'Install `mysql2` beside this library'), { cause });
  }
}
