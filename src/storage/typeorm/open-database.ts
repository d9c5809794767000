import type { DataSource, DataSourceOptions } from 'typeorm';
import { ConfigurationError } from '../../errors.js';
import type { FeedChannel } from '../../events/message-feed.js';
import { connectAtBoot } from './connect-at-boot.js';
import { driverPoolOf, isDataSource, pgPoolOf, poolOf, sqliteConnectionOf } from './driver-parts.js';
import { ownMigrations } from './migrate.js';
import { migrateServer } from './migrate-server.js';
import { PooledDatabase } from '../connections/pooled.database.js';
import { PostgresFeed } from '../connections/postgres.feed.js';
import { type ConnectedDatabase, inspected, type OpenedDatabase } from '../sql/opened-database.js';
import { openSqlite } from '../connections/open-sqlite.js';
import type { TableOptions } from '../../options/tables-option.js';
import type { UnusedConnections } from '../connections/unused-connections.js';
import type { TableNames } from '../sql/table-names.js';
import { refuseOtherEntities, tableNamesOf } from './tables-of.js';

/** The `database` option, whether to migrate it, how long one request may wait for it, in ms, and `tables`. */
export interface DatabaseChoice {
  readonly database: DataSourceOptions | DataSource;
  readonly migrate: boolean | undefined;
  readonly timeout: number;
  readonly tables?: TableOptions | undefined;
  /** Given if the process may be frozen. */
  readonly unused?: UnusedConnections | undefined;
}

/**
 * Opens what the `database` option names: TypeORM options or a DataSource. A connection that
 * the app did not open is migrated here, unless `migrate` says otherwise. Throws ConfigurationError for an unknown
 * database.
 */
export async function openDatabase(choice: DatabaseChoice): Promise<OpenedDatabase> {
  const { database, migrate, timeout, unused } = choice;
  const ofApp = isDataSource(database) ? database : undefined;
  const options = ofApp?.options ?? (database as DataSourceOptions);
  const opener = OPENERS[options.type];
  if (!opener) throw unknownType(options.type);
  const tables = tableNamesOf(options, choice.tables);
  if (ofApp) refuseOtherEntities(ofApp, tables);
  return inspected(await opener({ options, ofApp, migrate: migrate ?? !ofApp, timeout, tables, unused }));
}

interface Opening {
  readonly options: DataSourceOptions;
  readonly ofApp: DataSource | undefined;
  readonly migrate: boolean;
  readonly timeout: number;
  readonly tables: TableNames;
  readonly unused: UnusedConnections | undefined;
}

const OPENERS: Partial<Record<DataSourceOptions['type'], (opening: Opening) => Promise<ConnectedDatabase>>> = {
  'better-sqlite3': openFile,
  postgres: openServer,
  mysql: openServer,
  mariadb: openServer,
};

async function openFile({ options, ofApp, ...opening }: Opening): Promise<ConnectedDatabase> {
  // A file gets a separate connection, so that no transaction of the app blocks or undoes what is written here.
  const shared = options.database === ':memory:' ? ofApp : undefined;
  const dataSource = shared ?? (await connectAtBoot({ ...options, ...ownMigrations }));
  if (!dataSource.isInitialized) throw notInitialized();
  const close = async () => (shared ? undefined : dataSource.destroy());
  const theirs = ofApp && !shared ? sqliteConnectionOf(ofApp) : undefined;
  const database = await openSqlite(sqliteConnectionOf(dataSource), { ...opening, ofApp: theirs }, close);
  return { database, over: wayOf(ofApp), close };
}

async function openServer({ options, ofApp, migrate, timeout, tables, unused }: Opening): Promise<ConnectedDatabase> {
  const isPostgres = options.type === 'postgres';
  const quick = isPostgres ? { connectTimeoutMS: timeout, installExtensions: false } : { connectTimeout: timeout };
  if (migrate) await migrateServer({ ...quick, ...options } as DataSourceOptions, tables);
  const dataSource = ofApp ?? (await connectAtBoot({ ...quick, ...options, ...ownMigrations } as DataSourceOptions));
  if (!dataSource.isInitialized) throw notInitialized();
  const pool = poolOf(dataSource, { timeout, isOurs: !ofApp, tables, unused });
  const database = new PooledDatabase(pool, timeout);
  const stop = ofApp && unused?.watch(driverPoolOf(ofApp));
  const feed = (channel: FeedChannel) => new PostgresFeed(pgPoolOf(dataSource), database, tables.shared(channel));
  return {
    database,
    over: wayOf(ofApp),
    feed: isPostgres ? feed : undefined,
    warnTo: (warn) => pool.warnTo?.(warn),
    close: async () => (ofApp ? stop?.() : dataSource.destroy()),
  };
}

function wayOf(ofApp: DataSource | undefined): string {
  return ofApp ? 'the DataSource of the app' : 'a connection of its own';
}

function notInitialized(): ConfigurationError {
  return new ConfigurationError('database', 'the DataSource is not connected', 'Await its `initialize()` first');
}

function unknownType(type: string): ConfigurationError {
  const known = Object.keys(OPENERS).map((name) => `'${name}'`);
  return new ConfigurationError('database', `'${type}' is not supported`, `Use one of ${known.join(', ')}`);
}
