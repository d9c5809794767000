import type { DataSource, DataSourceOptions } from 'typeorm';
import type { Duration } from './duration.js';
import { timer } from './option-readers.js';

/** The options about where sessions are kept. */
export interface StorageSettings {
  /**
   * Where sessions are kept: TypeORM options, a DataSource, or nothing when the app provides a DataSource.
   * @default an embedded SQLite file, `sessions.sqlite` in the working directory
   */
  database?: DataSourceOptions | DataSource;
  /**
   * Whether the library's migrations run at start.
   * @default true for a connection this module opens, false for a DataSource of the app
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
  migrate: true,
  storeTimeout: true,
};

/** Where sessions are kept; all times in milliseconds. */
export interface StorageOptions {
  readonly database: StorageSettings['database'];
  readonly migrate: boolean | undefined;
  /** How long one request may wait for the database. */
  readonly storeTimeout: number;
}

/** Where sessions are kept, validated and with defaults. Throws ConfigurationError. */
export function resolveStorage(given: StorageSettings): StorageOptions {
  return Object.freeze({
    database: given.database,
    migrate: given.migrate,
    storeTimeout: timer('storeTimeout', given.storeTimeout ?? '2s'),
  });
}
