import type { RefusalReason, Session, SessionEventMap, SessionEventName } from 'nestjs-session-registry';
import { AuthError } from '../../src/errors.js';
import type { TestApp } from './app.js';
import { sessionRows, withDatabase } from './sqlite-file.js';

/** Why an attempt was refused, or 'accepted'. Any other failure passes through. */
export async function verdictOf(attempt: Promise<unknown>): Promise<RefusalReason | 'accepted'> {
  try {
    await attempt;
    return 'accepted';
  } catch (error) {
    if (error instanceof AuthError) return error.reason;
    throw error;
  }
}

/** Every row as it lies in the database file, in the order they were opened. */
export function allRows({ file }: TestApp): Session[] {
  return sessionRows(file);
}

/** The row of a session as it lies in the database file; fails loudly where there is none. */
export function rowOf(app: TestApp, guid: string): Session {
  const row = allRows(app).find((candidate) => candidate.guid === guid);
  if (!row) throw new Error(`there is no row ${guid}`);
  return row;
}

/** The rows of a user as they lie in the database file. */
export function rowsOf(app: TestApp, userId: string): Session[] {
  return allRows(app).filter((row) => row.userId === userId);
}

/** Counts the writes to rows that exist, from now on: of one session, or of all. */
export function watchWrites({ file }: TestApp): (guid?: string) => number {
  withDatabase(file, (database) =>
    database.exec(`CREATE TABLE writes (guid TEXT);
      CREATE TRIGGER count_writes AFTER UPDATE ON sessions BEGIN INSERT INTO writes VALUES (new.guid); END`),
  );
  return (guid) =>
    withDatabase(file, (database) => {
      const written = database.prepare('SELECT guid FROM writes').pluck().all();
      return written.filter((name) => guid === undefined || name === guid).length;
    });
}

/** The events of one name, in the order they were sent. */
export function eventsNamed<N extends SessionEventName>({ events }: TestApp, name: N): SessionEventMap[N][] {
  return events.filter((emitted) => emitted.name === name).map(({ event }) => event as SessionEventMap[N]);
}
