import { DataSource, type DataSourceOptions } from 'typeorm';
import { ConfigurationError } from '../../errors.js';
import { SessionCutoffEntity, SessionTicketEntity } from './cutoff.entities.js';
import { CreateSessions1764000000000 } from './migrations/1764000000000-create-sessions.js';
import { SessionEntity } from './session.entity.js';
import type { SqlDatabase } from './sql-executor.js';
import { SqliteDatabase } from './sqlite.database.js';
import { CURRENT_TICKET } from './statements.js';

/** The entities of the registry, for the `entities` of a DataSource of the app. */
export const sessionEntities = [SessionEntity, SessionCutoffEntity, SessionTicketEntity];
/** The migrations of the registry, for the `migrations` of a DataSource of the app. */
export const sessionMigrations = [CreateSessions1764000000000];

const EMBEDDED: DataSourceOptions = { type: 'better-sqlite3', database: 'sessions.sqlite', enableWAL: true };
const OWN = {
  entities: sessionEntities,
  migrations: sessionMigrations,
  migrationsTableName: 'session_registry_migrations',
  subscribers: [],
  synchronize: false,
  dropSchema: false,
  migrationsRun: false,
};

/** A database the store runs on, and how to let go of what was opened for it. */
export interface OpenedDatabase {
  readonly database: SqlDatabase;
  close(): Promise<void>;
}

/**
 * Opens what the `database` option names: TypeORM options, a DataSource, or the embedded SQLite file. What the app
 * did not open is migrated here, unless `migrate` says otherwise. Throws ConfigurationError for an unknown database.
 */
export async function openDatabase(
  given: DataSourceOptions | DataSource = EMBEDDED,
  migrate = !(given instanceof DataSource),
): Promise<OpenedDatabase> {
  const options = given instanceof DataSource ? given.options : given;
  if (options.type !== 'better-sqlite3') throw unknownType(options.type);
  // A file gets a connection of its own, so that no transaction of the app holds or undoes what is written here.
  const shared = given instanceof DataSource && options.database === ':memory:';
  const dataSource = shared ? given : await new DataSource({ ...options, ...OWN }).initialize();
  const close = async () => (shared ? undefined : dataSource.destroy());
  try {
    const database = new SqliteDatabase(dataSource);
    // One transaction around all of it: several processes may start at once.
    if (migrate) await database.transaction(() => dataSource.runMigrations({ transaction: 'none' }));
    await probe(database);
    return { database, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function probe(database: SqlDatabase): Promise<void> {
  try {
    await database.rows(CURRENT_TICKET, []);
  } catch (cause) {
    const mend = 'Add `sessionMigrations` to the migrations of your DataSource and run them, or set `migrate: true`';
    throw Object.assign(new ConfigurationError('database', 'it has no tables of the session registry', mend), {
      cause,
    });
  }
}

function unknownType(type: string): ConfigurationError {
  return new ConfigurationError('database', `'${type}' is not supported`, "Use the type 'better-sqlite3'");
}
