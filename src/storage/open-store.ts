import type { DataSource, DataSourceOptions } from 'typeorm';
import { ConfigurationError } from '../errors.js';
import type { Denylist } from '../revocation/denylist.js';
import type { SessionStore } from '../sessions/session-store.js';
import { openDatabase } from './typeorm/open-database.js';
import { SqlDenylist } from './typeorm/sql-denylist.js';
import { TypeOrmSessionStore } from './typeorm/typeorm-session.store.js';

/** Where sessions are to be kept, as the app said it. */
export interface StoreChoice {
  readonly store: SessionStore | undefined;
  readonly database: DataSourceOptions | DataSource | undefined;
  /** What the app provides, for where nothing is named. */
  readonly ofApp: DataSource | undefined;
  readonly migrate: boolean | undefined;
  /** How long one request may wait for the database, in milliseconds. */
  readonly timeout: number;
}

/** A store that can be used, and how to let go of what was opened for it. */
export abstract class OpenedStore {
  abstract readonly store: SessionStore;
  /** A denylist in the same database; undefined where there is none. */
  abstract readonly denylist: Denylist | undefined;
  abstract close(): Promise<void>;
}

/** Opens the store the app chose: its own, or the sessions table of a database. Throws ConfigurationError. */
export async function openStore({ store, ofApp, ...choice }: StoreChoice): Promise<OpenedStore> {
  if (store === undefined) {
    const opened = await openDatabase({ ...choice, database: choice.database ?? ofApp });
    const { database } = opened;
    const [sessions, denylist] = [new TypeOrmSessionStore(database), new SqlDenylist(database)];
    return { store: sessions, denylist, close: () => opened.close() };
  }
  for (const option of ['database', 'migrate'] as const) {
    if (choice[option] === undefined) continue;
    throw new ConfigurationError(option, 'there is a `store` too, and only one can keep the sessions', 'Leave one out');
  }
  return { store, denylist: undefined, close: async () => {} };
}
