import type { DataSource, DataSourceOptions } from 'typeorm';
import { ConfigurationError } from '../errors.js';
import type { SessionStore } from '../sessions/session-store.js';
import { openDatabase } from './typeorm/open-database.js';
import { TypeOrmSessionStore } from './typeorm/typeorm-session.store.js';

/** Where sessions are to be kept, as the app said it. */
export interface StoreChoice {
  readonly store: SessionStore | undefined;
  readonly database: DataSourceOptions | DataSource | undefined;
  readonly migrate: boolean | undefined;
  /** How long one request may wait for the database, in milliseconds. */
  readonly timeout: number;
}

/** A store that can be used, and how to let go of what was opened for it. */
export abstract class OpenedStore {
  abstract readonly store: SessionStore;
  abstract close(): Promise<void>;
}

/** Opens the store the app chose: its own, or the sessions table of a database. Throws ConfigurationError. */
export async function openStore({ store, ...choice }: StoreChoice): Promise<OpenedStore> {
  if (store === undefined) {
    const opened = await openDatabase(choice);
    return { store: new TypeOrmSessionStore(opened.database), close: () => opened.close() };
  }
  if (choice.migrate === undefined) return { store, close: async () => {} };
  throw new ConfigurationError('migrate', 'there is a `store` and no database to migrate', 'Leave one of the two out');
}
