import Database from 'better-sqlite3';
import type { Session } from 'nestjs-session-registry';

/** Runs one statement on the file of an app, over a connection of its own. */
export function execute(file: string, sql: string, ...values: (string | number | null)[]): void {
  withDatabase(file, (database) => database.prepare(sql).run(...values));
}

/** Every row of the sessions table, in the order they were opened. */
export function sessionRows(file: string): Session[] {
  return withDatabase(file, (database) => database.prepare('SELECT * FROM sessions ORDER BY rowid').all() as Session[]);
}

/** Takes the sessions table away: from here on the store fails. */
export function breakStore(file: string): void {
  execute(file, 'DROP TABLE sessions');
}

/** Lends a connection of its own to the file of an app. */
export function withDatabase<T>(file: string, work: (database: Database.Database) => T): T {
  const database = new Database(file);
  try {
    return work(database);
  } finally {
    database.close();
  }
}
