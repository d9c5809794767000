import { EVERYBODY_CUTOFF, type OpenOrder, VERDICT_COLUMNS } from './statements.js';

/** Everything in which the databases differ for the statements of the store. */
export interface Dialect {
  /**
   * What verdicts read of so many sessions, each by the primary key and for its own user, with its place among those asked
   * for, `at`. Takes: guid and userId of each.
   */
  check(sessions: number): string;
  /** Whether INSERT and UPDATE can give back the rows they wrote. */
  readonly returning: boolean;
  /**
   * Makes the user's cutoff row where it is missing, and locks it; where `shareLock` is empty, everybody's too, to
   * share it. Takes: userId.
   */
  readonly lockUser: string;
  /** Ends the statement that reads cutoffs in the transaction of a locked user: others may read everybody's, too. */
  readonly shareLock: string;
  /** Waits until no transaction of a locked user is under way, and holds up those that come. */
  readonly lockEverybody: string;
  /** Ends a statement that reads a row to change it. */
  readonly lockRow: string;
  /** Makes an entry of the denylist, or lengthens it; takes nothing back. Takes: subject, ticket, kept, until. */
  readonly deny: string;
  /** Milliseconds since the epoch by the clock of the database; for ages of what it wrote itself, never for a verdict. */
  readonly now: string;
  /** Which setting of the server may lose what was acknowledged, as `weakness`; null where none does. */
  readonly weakness: string;
  /** Lets two purgers work side by side, each on rows of its own. */
  readonly skipLocked: string;
  /**
   * What to order open sessions by first, so that their index is walked: PostgreSQL wants the column named that is NULL in
   * all of them, MariaDB sorts where it is.
   */
  readonly openOrder: OpenOrder;
  /** A statement of the store, which has `?` and "double quoted" names, as this database takes it. */
  write(statement: string): string;
}

const NEW_USER = 'INSERT INTO "session_cutoffs" ("userId", "ticket")';
const UPSERT = `${NEW_USER} VALUES (?, 0)`;
const KEEP = 'ON CONFLICT ("userId") DO UPDATE SET "ticket" = "session_cutoffs"."ticket"';

const EVERYBODY_LOCK = 7238451191;

const DENY = 'INSERT INTO "session_denials" ("subject", "ticket", "kept", "until") VALUES (?, ?, ?, ?)';

/** The rule of `laterMark`, for what is there and what comes, and the longer life of the two. */
function lengthened(greatest: string, there: string, coming: (column: string) => string): string {
  const kept =
    `CASE WHEN ${coming('ticket')} > ${there}"ticket" THEN ${coming('kept')} ` +
    `WHEN ${coming('ticket')} = ${there}"ticket" AND ${coming('kept')} <> ${there}"kept" THEN NULL ` +
    `WHEN ${coming('ticket')} = ${there}"ticket" AND ${coming('kept')} IS NULL THEN NULL ELSE ${there}"kept" END`;
  const larger = (name: string) => `"${name}" = ${greatest}(${there}"${name}", ${coming(name)})`;
  // First, since MySQL would see the new ticket otherwise.
  return `"kept" = ${kept}, ${larger('ticket')}, ${larger('until')}`;
}

function onConflict(greatest: string): string {
  const values = lengthened(greatest, '"session_denials".', (name) => `excluded."${name}"`);
  return `${DENY} ON CONFLICT ("subject") DO UPDATE SET ${values}`;
}

const CHECKED = `SELECT "asked"."at", ${VERDICT_COLUMNS} FROM`;
/** Joins what is asked for, first, to the rows; a planner left to itself may read the whole of a table that was small. */
const ASKED = `"guid" = "asked"."g" AND CONCAT("userId", '') = "asked"."u"`;

function list(count: number, entry: (at: number) => string, between = ', '): string {
  return Array.from({ length: count }, (_, at) => entry(at)).join(between);
}

/** SQLite: a transaction has the whole database to itself. */
export const sqlite: Dialect = {
  check: (sessions) =>
    `WITH "asked"("at", "g", "u") AS (VALUES ${list(sessions, (at) => `(${at}, ?, ?)`)}) ${CHECKED} "asked" CROSS JOIN "sessions" ON ${ASKED}`,
  returning: true,
  lockUser: `${UPSERT} ${KEEP}`,
  shareLock: '',
  lockEverybody: EVERYBODY_CUTOFF,
  lockRow: '',
  deny: onConflict('MAX'),
  weakness: 'SELECT NULL AS "weakness"',
  now: "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
  skipLocked: '',
  openOrder: '"endedAt", ',
  write: (statement) => statement,
};

/**
 * PostgreSQL: numbered placeholders. Whoever waits for a row that others share waits for ever when they overlap, as
 * sign-ins do; an advisory lock has a queue, and costs no write.
 */
export const postgres: Dialect = {
  // The limit keeps the user out of the inner query, and so its index.
  check: (sessions) =>
    `${CHECKED} (VALUES ${list(sessions, (at) => `(${at}, ?, ?)`)}) AS "asked"("at", "g", "u") CROSS JOIN LATERAL ` +
    `(SELECT "userId", ${VERDICT_COLUMNS} FROM "sessions" WHERE "guid" = "asked"."g" LIMIT 1) AS "found" ` +
    'WHERE "userId" = "asked"."u"',
  returning: true,
  lockUser: `${NEW_USER} SELECT ?, 0 FROM pg_advisory_xact_lock_shared(${EVERYBODY_LOCK}) ${KEEP}`,
  shareLock: '',
  lockEverybody: `SELECT pg_advisory_xact_lock(${EVERYBODY_LOCK})`,
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
    return statement.replaceAll('?', () => `$${++count}`);
  },
};

/** MySQL and MariaDB: names in backticks, and no RETURNING on updates. */
export const mysql: Dialect = {
  check: (sessions) =>
    `${CHECKED} (${list(sessions, (at) => `SELECT ${at} AS "at", ? AS "g", ? AS "u"`, ' UNION ALL ')}) AS "asked" ` +
    `STRAIGHT_JOIN "sessions" ON ${ASKED}`,
  returning: false,
  lockUser: `${UPSERT} ON DUPLICATE KEY UPDATE "ticket" = "ticket"`,
  shareLock: ' LOCK IN SHARE MODE',
  lockEverybody: `${EVERYBODY_CUTOFF} FOR UPDATE`,
  lockRow: ' FOR UPDATE',
  deny: `${DENY} ON DUPLICATE KEY UPDATE ${lengthened('GREATEST', '', (name) => `VALUES("${name}")`)}`,
  weakness:
    'SELECT CASE WHEN @@GLOBAL.innodb_flush_log_at_trx_commit <> 1 ' +
    `THEN 'innodb_flush_log_at_trx_commit is not 1' END AS "weakness"`,
  now: 'CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED)',
  skipLocked: ' FOR UPDATE SKIP LOCKED',
  openOrder: '',
  write: (statement) => statement.replaceAll('"', '`'),
};
