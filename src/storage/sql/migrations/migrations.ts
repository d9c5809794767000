import { createSessions } from './1764000000000-create-sessions.js';
import { createDenials } from './1764100000000-create-denials.js';
import { cutOffEverybody } from './1764200000000-cut-off-everybody.js';
import { createCopies } from './1764300000000-create-copies.js';
import { compareEveryBlank } from './1764400000000-compare-every-blank.js';
import { createRuns } from './1764500000000-create-runs.js';
import { pageSessions } from './1764600000000-page-sessions.js';
import type { Migration } from './migration.js';

/** Every migration, in the order in which they are run. */
export const MIGRATIONS: readonly Migration[] = [
  createSessions,
  createDenials,
  cutOffEverybody,
  createCopies,
  compareEveryBlank,
  createRuns,
  pageSessions,
];

/** What MySQL says of a column, a key or an index that is there already, or gone already; and SQLite of a column. */
const DONE_BEFORE = /^(?:1060|1061|1091)$/;
/** TypeORM puts the name of the error before what SQLite says. */
const DUPLICATE_COLUMN = /^(?:SqliteError: )?duplicate column name/;

/** Runs statements of a migration one after the other. What was done before is done. */
export async function runStatements(
  statements: readonly string[],
  query: (statement: string) => Promise<unknown>,
): Promise<void> {
  for (const statement of statements) {
    await query(statement).catch((error: { errno?: unknown; message?: unknown }) => {
      if (DONE_BEFORE.test(String(error.errno)) || DUPLICATE_COLUMN.test(String(error.message))) return;
      throw error;
    });
  }
}
