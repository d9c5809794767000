import type { DataSource, DataSourceOptions } from 'typeorm';
import type { DriverPool } from './driver-pool.js';
import type { Duration } from './duration.js';
import { text, timer } from './option-readers.js';
import { resolveTables, type TableOptions } from './tables-option.js';

/** The options about where sessions are kept. */
export interface StorageSettings {
  /**
   * Where sessions are kept: a pool of `pg` or `mysql2`, a `Database` of `better-sqlite3` or a `DatabaseSync` of `node:sqlite`
   * that the app has anyway, TypeORM options, a DataSource, or nothing when the app provides a DataSource. If it
   * provides none either, an embedded SQLite file is used, except in production (`NODE_ENV`), where it has to be given.
   * @default an embedded SQLite file, `sessions.sqlite` in the working directory
   */
  database?: DataSourceOptions | DataSource | DriverPool;
  /**
   * The name of the DataSource that keeps the sessions, if the app provides several: that of `TypeOrmModule.forRoot({ name })`.
   * @default the DataSource without a name, or the only one
   */
  dataSource?: string;
  /**
   * The schema of the library's tables, and what their names begin with.
   * @default the names of the tables as they are
   */
  tables?: TableOptions;
  /**
   * Whether the library's migrations run at start.
   * @default true, but false for a DataSource of the app
   */
  migrate?: boolean;
  /**
   * How long one request may wait for the database before it is answered 503.
   * @default '2s'
   */
  storeTimeout?: Duration;
}

/** The names of these options. */
export const STORAGE_OPTIONS: Record<keyof StorageSettings, true> = {
  database: true,
  dataSource: true,
  tables: true,
  migrate: true,
  storeTimeout: true,
};

/** Where sessions are kept; all times in milliseconds. */
export interface StorageOptions {
  readonly database: StorageSettings['database'];
  /** The name of a DataSource of the app. */
  readonly dataSource: string | undefined;
  /** How the tables are named; undefined for the default names. */
  readonly tables: TableOptions | undefined;
  readonly migrate: boolean | undefined;
  /** How long one request may wait for the database. */
  readonly storeTimeout: number;
}

/** Where sessions are kept, validated and with defaults. Throws ConfigurationError. */
export function resolveStorage(given: StorageSettings): StorageOptions {
  return Object.freeze({
    database: given.database,
    dataSource: given.dataSource === undefined ? undefined : text('dataSource', given.dataSource),
    tables: given.tables === undefined ? undefined : resolveTables(given.tables),
    migrate: given.migrate,
    storeTimeout: timer('storeTimeout', given.storeTimeout ?? '2s'),
  });
}
