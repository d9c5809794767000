import { ConfigurationError } from '../../errors.js';
import { isMissingColumn, isMissingTable } from './error-codes.js';
import type { SqlDatabase } from './sql-database.js';

/** Columns that each table has had since it exists. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  sessions: ['guid', 'userId', 'refTokID', 'purgeAt'],
  session_cutoffs: ['userId', 'ticket'],
  session_tickets: ['id', 'latest'],
  session_denials: ['subject', 'until'],
  session_copies: ['id', 'edition'],
  session_runs: ['guid', 'evidence', 'lookAt'],
};

/** Throws ConfigurationError if one of the names that the library uses belongs to a table of somebody else. */
export async function refuseForeignTables(database: SqlDatabase): Promise<void> {
  for (const table of Object.keys(COLUMNS)) if (await isForeign(database, table)) throw refusal(database, table);
}

async function isForeign(database: SqlDatabase, table: string): Promise<boolean> {
  // With the table, because SQLite takes the bare name of a missing column for a text.
  const columns = COLUMNS[table]?.map((name) => `"it"."${name}"`).join(', ');
  try {
    await database.rows(`SELECT ${columns} FROM "@${table}" AS "it" WHERE 1 = 0`, []);
    return false;
  } catch (error) {
    // Whatever else is wrong shows where the tables are used.
    return isMissingColumn(error) && !isMissingTable(error);
  }
}

function refusal({ dialect: { tables } }: SqlDatabase, table: string): ConfigurationError {
  const place = tables.schema === undefined ? 'the database' : `the schema '${tables.schema}'`;
  const problem = `${place} has a table '${tables.table(table)}' that is not of the session registry`;
  const mend =
    "Give the tables of the registry other names, such as `tables: { prefix: 'auth_' }`, or a `schema` of their own";
  return new ConfigurationError('tables', problem, mend);
}
