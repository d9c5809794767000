/** Everything in which the databases differ for the statements of the store. */
export interface Dialect {
  /** Whether INSERT and UPDATE can give back the rows they wrote. */
  readonly returning: boolean;
  /** Makes the user's cutoff row where it is missing, and locks it. Takes: userId. */
  readonly lockUser: string;
  /** Makes an entry of the denylist, or lengthens it; takes nothing back. Takes: subject, ticket, kept, until. */
  readonly deny: string;
  /** Milliseconds since the epoch by the clock of the database; for ages of what it wrote itself, never for a verdict. */
  readonly now: string;
  /** Lets two purgers work side by side, each on rows of its own. */
  readonly skipLocked: string;
  /** A statement of the store, which has `?` and "double quoted" names, as this database takes it. */
  write(statement: string): string;
}

const UPSERT = 'INSERT INTO "session_cutoffs" ("userId", "ticket") VALUES (?, 0)';
const KEEP = 'ON CONFLICT ("userId") DO UPDATE SET "ticket" = "session_cutoffs"."ticket"';

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

/** SQLite: a transaction has the whole database to itself. */
export const sqlite: Dialect = {
  returning: true,
  lockUser: `${UPSERT} ${KEEP}`,
  deny: onConflict('MAX'),
  now: "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
  skipLocked: '',
  write: (statement) => statement,
};

/** PostgreSQL: numbered placeholders. */
export const postgres: Dialect = {
  returning: true,
  lockUser: `${UPSERT} ${KEEP}`,
  deny: onConflict('GREATEST'),
  now: 'CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS bigint)',
  skipLocked: ' FOR UPDATE SKIP LOCKED',
  write: (statement) => {
    let count = 0;
    return statement.replaceAll('?', () => `$${++count}`);
  },
};

/** MySQL and MariaDB: names in backticks, and no RETURNING on updates. */
export const mysql: Dialect = {
  returning: false,
  lockUser: `${UPSERT} ON DUPLICATE KEY UPDATE "ticket" = "ticket"`,
  deny: `${DENY} ON DUPLICATE KEY UPDATE ${lengthened('GREATEST', '', (name) => `VALUES("${name}")`)}`,
  now: 'CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED)',
  skipLocked: ' FOR UPDATE SKIP LOCKED',
  write: (statement) => statement.replaceAll('"', '`'),
};
