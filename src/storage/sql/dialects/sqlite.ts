import { ConfigurationError } from '../../../errors.js';
import type { TableOptions } from '../../../options/tables-option.js';
import { sql } from '../statement.js';
import { EVERYBODY_CUTOFF } from '../statements.js';
import { DEFAULT_TABLES, type TableNames } from '../table-names.js';
import type { Dialect } from './dialect.js';
import { ASKED, CHECKED, KEEP, list, onConflict, UPSERT } from './phrases.js';

/** SQLite: a transaction has the whole database for itself. */
export function sqliteWith(tables: TableNames): Dialect {
  return {
    kind: 'sqlite',
    tables,
    check: (sessions) =>
      `WITH "asked"("at", "g", "u") AS (VALUES ${list(sessions, (at) => `(${at}, ?, ?)`)}) ${CHECKED} "asked" CROSS JOIN "@sessions" ON ${ASKED}`,
    returning: true,
    lockUser: sql`${UPSERT} ${KEEP}`,
    shareLock: '',
    lockEverybody: EVERYBODY_CUTOFF,
    lockRow: '',
    deny: onConflict('MAX'),
    weakness: 'SELECT NULL AS "weakness"',
    now: "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
    skipLocked: '',
    openOrder: '"endedAt", ',
    write: (statement) => tables.written(statement),
  };
}

/** Throws ConfigurationError for a `schema`, because SQLite has none. */
export function refuseSchema({ schema }: TableOptions): void {
  if (schema === undefined) return;
  throw new ConfigurationError('tables.schema', 'SQLite has no schemas', 'Leave it out, or use `tables.prefix`');
}

/** The same with the default names. */
export const sqlite = sqliteWith(DEFAULT_TABLES);
