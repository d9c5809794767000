import { runMigrations } from '../sql/migrations/run-migrations.js';
import type { SqlDatabase } from '../sql/sql-database.js';
import type { SqliteConnection } from './sqlite-statements.js';
import { SqliteDatabase } from './sqlite.database.js';

/** Runs on a connection of better-sqlite3, after its migrations if they are asked for; `close` is called if they fail. */
export async function openSqlite(
  connection: SqliteConnection,
  { migrate, timeout }: { readonly migrate: boolean; readonly timeout: number },
  close: () => Promise<void>,
): Promise<SqlDatabase> {
  const database = new SqliteDatabase(connection, timeout);
  try {
    if (migrate) await runMigrations(database);
    return database;
  } catch (error) {
    await close();
    throw error;
  }
}
