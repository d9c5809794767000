import { refuseSchema } from '../sql/dialects/sqlite.js';
import { migrate as migrated } from '../sql/migrations/migrate.js';
import type { SqlDatabase } from '../sql/sql-database.js';
import { DEFAULT_TABLES, type TableNames } from '../sql/table-names.js';
import type { SqliteConnection } from './sqlite-statements.js';
import { SqliteDatabase } from './sqlite.database.js';

/** Whether to migrate, how long one request may wait, in milliseconds, how the tables are named, and who else is there. */
interface SqliteOpening {
  readonly migrate: boolean;
  readonly timeout: number;
  readonly tables?: TableNames | undefined;
  /** The app's own connection to the same file. */
  readonly ofApp?: SqliteConnection | undefined;
}

/** Runs on a connection of better-sqlite3, after its migrations if they are asked for; `close` is called if they fail. */
export async function openSqlite(
  connection: SqliteConnection,
  { migrate, timeout, tables = DEFAULT_TABLES, ofApp }: SqliteOpening,
  close: () => Promise<void>,
): Promise<SqlDatabase> {
  try {
    refuseSchema(tables);
    const database = new SqliteDatabase(connection, timeout, { tables, ofApp });
    if (migrate) await migrated(database);
    return database;
  } catch (error) {
    await close();
    throw error;
  }
}
