import { raw, sql } from '../statement.js';
import { EVERYBODY_CUTOFF } from '../statements.js';
import { DEFAULT_TABLES, type TableNames } from '../table-names.js';
import type { Dialect } from './dialect.js';
import { ASKED, CHECKED, DENY, lengthened, list, UPSERT } from './phrases.js';

/** MySQL and MariaDB: names in backticks, and no RETURNING on updates. */
export function mysqlWith(tables: TableNames): Dialect {
  return {
    kind: 'mysql',
    tables,
    check: (sessions) =>
      `${CHECKED} (${list(sessions, (at) => `SELECT ${at} AS "at", ? AS "g", ? AS "u"`, ' UNION ALL ')}) AS "asked" ` +
      `STRAIGHT_JOIN "@sessions" ON ${ASKED}`,
    returning: false,
    lockUser: sql`${UPSERT} ON DUPLICATE KEY UPDATE "ticket" = "ticket"`,
    shareLock: ' LOCK IN SHARE MODE',
    lockEverybody: `${EVERYBODY_CUTOFF} FOR UPDATE`,
    lockRow: ' FOR UPDATE',
    deny: sql`${DENY} ON DUPLICATE KEY UPDATE ${raw(lengthened('GREATEST', '', (name) => `VALUES("${name}")`))}`,
    weakness:
      'SELECT CASE WHEN @@GLOBAL.innodb_flush_log_at_trx_commit <> 1 ' +
      `THEN 'innodb_flush_log_at_trx_commit is not 1' END AS "weakness"`,
    now: 'CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED)',
    skipLocked: ' FOR UPDATE SKIP LOCKED',
    openOrder: '',
    write: (statement) => tables.written(statement).replaceAll('"', '`'),
  };
}

/** The same with the default names. */
export const mysql = mysqlWith(DEFAULT_TABLES);

/** Whether this is the answer of MariaDB to `VERSION()`, and not that of MySQL. */
export function isMariadb(version: unknown): boolean {
  return /mariadb/i.test(String(version));
}
