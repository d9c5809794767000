import type { SqlDatabase } from './sql-database.js';
import { CURRENT_EDITION, CURRENT_TICKET, EVERYBODY_CUTOFF } from './statements.js';

/** A row that has to be there: how to see it, and how to make it where it is missing. */
interface FirstRow {
  readonly seen: string;
  readonly made: string;
}

/** The rows that a migration makes, and that are missing if TypeORM made the tables by `synchronize`. */
const FIRST_ROWS: readonly FirstRow[] = [
  {
    seen: CURRENT_TICKET,
    // No smaller than any cutoff, so that a sign-in is not refused where the row was lost.
    made: 'INSERT INTO "@session_tickets" ("id", "latest") SELECT 1, COALESCE(MAX("ticket"), 0) FROM "@session_cutoffs"',
  },
  {
    seen: EVERYBODY_CUTOFF,
    made: `INSERT INTO "@session_cutoffs" ("userId", "ticket") VALUES ('', 0)`,
  },
  {
    seen: CURRENT_EDITION,
    made: `INSERT INTO "@session_copies" ("id", "edition", "retired", "retiredAt") VALUES (1, '', 0, 0)`,
  },
];

/** Makes the rows that have to be there and are not. Several processes may do so at once. */
export async function makeFirstRows(database: SqlDatabase): Promise<void> {
  for (const row of FIRST_ROWS) await makeMissing(database, row);
}

async function makeMissing(database: SqlDatabase, { seen, made }: FirstRow): Promise<void> {
  if (await isThere(database, seen)) return;
  try {
    await database.run(made, []);
  } catch (error) {
    // Another process may have made it at the same time.
    if (!(await isThere(database, seen))) throw error;
  }
}

async function isThere(database: SqlDatabase, seen: string): Promise<boolean> {
  return (await database.rows(seen, [])).length > 0;
}
