import { sql } from '../statement.js';
import { VERDICT_COLUMNS } from '../statements.js';
import { DEFAULT_TABLES, type TableNames } from '../table-names.js';
import type { Dialect } from './dialect.js';
import { CHECKED, KEEP, list, NEW_USER, onConflict } from './phrases.js';

const EVERYBODY_LOCK = 7238451191;

/**
 * PostgreSQL: numbered placeholders. A transaction that waits for a row with overlapping shared locks, such as those of
 * sign-ins, might wait forever. An advisory lock has a queue, and needs no write.
 */
export function postgresWith(tables: TableNames): Dialect {
  return {
    kind: 'postgres',
    tables,
    // The LIMIT keeps the condition on the user out of the inner query, so that the index of the user is not used.
    check: (sessions) =>
      `${CHECKED} (VALUES ${list(sessions, (at) => `(${at}, ?, ?)`)}) AS "asked"("at", "g", "u") CROSS JOIN LATERAL ` +
      `(SELECT "userId", ${VERDICT_COLUMNS} FROM "@sessions" WHERE "guid" = "asked"."g" LIMIT 1) AS "found" ` +
      'WHERE "userId" = "asked"."u"',
    returning: true,
    lockUser: sql`${NEW_USER} SELECT ${'userId'}, 0 FROM pg_advisory_xact_lock_shared(${tables.lock(EVERYBODY_LOCK)}) ${KEEP}`,
    shareLock: '',
    lockEverybody: `SELECT pg_advisory_xact_lock(${tables.lock(EVERYBODY_LOCK)})`,
    lockRow: ' FOR NO KEY UPDATE',
    deny: onConflict('GREATEST'),
    weakness:
      `SELECT CASE WHEN current_setting('fsync') = 'off' THEN 'fsync = off' ` +
      `WHEN current_setting('full_page_writes') = 'off' THEN 'full_page_writes = off' END AS "weakness"`,
    now: 'CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS bigint)',
    skipLocked: ' FOR UPDATE SKIP LOCKED',
    openOrder: '"endedAt", ',
    write: (statement) => {
      let count = 0;
      return tables.written(statement).replaceAll('?', () => `$${++count}`);
    },
  };
}

/** The same with the default names. */
export const postgres = postgresWith(DEFAULT_TABLES);
