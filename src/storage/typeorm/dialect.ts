/** Everything in which the databases differ for the statements of the store. */
export interface Dialect {
  /** Whether INSERT and UPDATE can give back the rows they wrote. */
  readonly returning: boolean;
  /** Makes the user's cutoff row where it is missing, and locks it. Takes: userId. */
  readonly lockUser: string;
  /** Lets two purgers work side by side, each on rows of its own. */
  readonly skipLocked: string;
  /** A statement of the store, which has `?` and "double quoted" names, as this database takes it. */
  write(statement: string): string;
}

const UPSERT = 'INSERT INTO "session_cutoffs" ("userId", "ticket") VALUES (?, 0)';
const KEEP = 'ON CONFLICT ("userId") DO UPDATE SET "ticket" = "session_cutoffs"."ticket"';

/** SQLite: a transaction has the whole database to itself. */
export const sqlite: Dialect = {
  returning: true,
  lockUser: `${UPSERT} ${KEEP}`,
  skipLocked: '',
  write: (statement) => statement,
};

/** PostgreSQL: numbered placeholders. */
export const postgres: Dialect = {
  returning: true,
  lockUser: `${UPSERT} ${KEEP}`,
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
  skipLocked: ' FOR UPDATE SKIP LOCKED',
  write: (statement) => statement.replaceAll('"', '`'),
};
