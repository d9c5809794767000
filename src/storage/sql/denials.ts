import type { SqlDatabase } from './sql-database.js';
import { deleteDenials, listDueDenials } from './statements.js';

const BATCH = 1_000;

/** The subject of an entry about everybody. */
export const EVERYBODY = 'everybody';

/** The subject of an entry about one session. */
export function sessionSubject(guid: string): string {
  return `session ${guid}`;
}

/** The subject of an entry about one user. */
export function userSubject(userId: string): string {
  return `user ${userId}`;
}

/** Deletes the entries that expired before this time, in bounded batches. */
export async function pruneDenials(database: SqlDatabase, before: number): Promise<void> {
  for (let visited = BATCH; visited === BATCH; ) {
    const due = await database.rows(...listDueDenials(BATCH).with({ before }));
    visited = due.length;
    const subjects = due.map(({ subject }) => String(subject));
    if (visited > 0) await database.run(...deleteDenials(BATCH).with({ subjects, before }));
  }
}
