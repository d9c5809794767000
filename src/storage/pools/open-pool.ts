import { ConfigurationError } from '../../errors.js';
import type { FeedChannel } from '../../events/message-feed.js';
import type { ConnectionPool } from '../connections/connection-pool.js';
import type { MysqlModule } from '../connections/mysql-client.js';
import { MysqlPool } from '../connections/mysql.pool.js';
import { PooledDatabase } from '../connections/pooled.database.js';
import { PostgresFeed } from '../connections/postgres.feed.js';
import { PostgresPool } from '../connections/postgres.pool.js';
import { limitsFor } from '../connections/server-limits.js';
import type { UnusedConnections } from '../connections/unused-connections.js';
import { MIGRATION_TIME, migratePatiently } from '../sql/migrations/migrate-patiently.js';
import { type ConnectedDatabase, inspected, type OpenedDatabase } from '../sql/opened-database.js';
import { TableNames } from '../sql/table-names.js';
import type { TableOptions } from '../../options/tables-option.js';
import {
  type AppMysqlPool,
  type AppMysqlPromisePool,
  type AppNodeSqlite,
  type AppPgPool,
  type AppPool,
  type AppSqlite,
  kindOfPool,
} from './app-pool.js';
import { type Opening, fromBetterSqlite, fromNodeSqlite, openFile } from './open-file.js';

/** A pool of the app, whether to migrate its database, how long one request may wait, in ms, and the names of the tables. */
export interface PoolChoice {
  readonly pool: AppPool;
  readonly migrate: boolean;
  readonly timeout: number;
  readonly tables?: TableOptions | undefined;
  /** Given if the process may be frozen. */
  readonly unused?: UnusedConnections | undefined;
}

/** How a pool is opened. */
type PoolOpening = Opening & Pick<PoolChoice, 'unused'>;

const DEFAULT_POOL_SIZE = 10;
const OF_APP = 'the pool of the app';

/** Runs the store on a pool that the app has anyway. The pool stays open. Throws ConfigurationError. */
export async function openPool({ pool, tables, ...choice }: PoolChoice): Promise<OpenedDatabase> {
  return inspected(await connect(pool, { ...choice, tables: new TableNames(tables) }));
}

async function connect(pool: AppPool, opening: PoolOpening): Promise<ConnectedDatabase> {
  const kind = kindOfPool(pool);
  if (kind === 'sqlite') return openFile(fromBetterSqlite(pool as AppSqlite), opening, OF_APP);
  if (kind === 'sqlite of node') return openFile(fromNodeSqlite(pool as AppNodeSqlite), opening, OF_APP);
  if (kind === 'postgres') return openPostgres(pool as AppPgPool, opening);
  const callbacks = kind === 'mysql promises' ? (pool as AppMysqlPromisePool).pool : (pool as AppMysqlPool);
  const module = await mysqlModule();
  const size = callbacks.config?.connectionLimit ?? DEFAULT_POOL_SIZE;
  const poolFor = (time: number) =>
    new MysqlPool({ pool: callbacks, size, module }, limitsFor(time), false, opening.tables, opening.unused);
  return openServer(callbacks, poolFor, opening);
}

async function openPostgres(pool: AppPgPool, opening: PoolOpening): Promise<ConnectedDatabase> {
  const { tables, unused } = opening;
  const poolFor = (time: number) => new PostgresPool(pool, limitsFor(time), false, tables, unused);
  const connected = await openServer(pool, poolFor, opening);
  const feed = (channel: FeedChannel) => new PostgresFeed(pool, connected.database, tables.shared(channel));
  // The next statement takes another connection, and reports it if there is none.
  const ignore = () => {};
  pool.on('error', ignore);
  const close = async () => {
    pool.off('error', ignore);
    await connected.close();
  };
  return { ...connected, feed, close };
}

async function openServer(
  ofApp: object,
  poolFor: (time: number) => ConnectionPool,
  { migrate, timeout, unused }: PoolOpening,
): Promise<ConnectedDatabase> {
  if (migrate) await migratePatiently(new PooledDatabase(poolFor(MIGRATION_TIME), MIGRATION_TIME));
  const pool = poolFor(timeout);
  const database = new PooledDatabase(pool, timeout);
  const stop = unused?.watch(ofApp);
  return { database, over: OF_APP, warnTo: (warn) => pool.warnTo?.(warn), close: async () => stop?.() };
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
