import { ConfigurationError } from '../../errors.js';
import { driverErrorField } from './driver-error.js';
import { isMissingColumn, isMissingTable, isNotAllowed, isOneOf } from './error-codes.js';
import { makeFirstRows } from './first-rows.js';
import { refuseForeignTables } from './foreign-tables.js';
import { tightenTexts } from './loose-texts.js';
import { PROBE_RUNS } from './run-statements.js';
import type { SqlDatabase } from './sql-database.js';
import { CURRENT_EDITION, CURRENT_TICKET } from './statements.js';

/** Statements that change no row, but need the same rights as a sign-in and a sign-out. */
const CHANGES = [
  'UPDATE "@session_tickets" SET "latest" = "latest" WHERE 1 = 0',
  'UPDATE "@session_cutoffs" SET "ticket" = "ticket" WHERE 1 = 0',
  'UPDATE "@sessions" SET "endedAt" = "endedAt" WHERE 1 = 0',
  'INSERT INTO "@session_cutoffs" SELECT * FROM "@session_cutoffs" WHERE 1 = 0',
  'INSERT INTO "@sessions" SELECT * FROM "@sessions" WHERE 1 = 0',
];
const MIGRATE = 'Add `sessionMigrations` to the migrations of your DataSource and run them, or set `migrate: true`';

const READ_ONLY = ['25006', 'SQLITE_READONLY', 1290, 1792, 1836];

/** Tries whether sessions can be kept in this database. If not, throws a ConfigurationError with what the database said. */
export async function probe(database: SqlDatabase): Promise<void> {
  try {
    await database.rows(CURRENT_TICKET, []);
    await database.rows(CURRENT_EDITION, []).catch(refuseWithoutTable);
    await database.rows(PROBE_RUNS, []).catch(refuseWithoutTable);
    await tightenTexts(database);
    await makeFirstRows(database);
    await database.transaction(async (executor) => {
      for (const change of CHANGES) await executor.run(change, []);
    });
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    if (isMissingTable(cause) || isMissingColumn(cause)) await refuseForeignTables(database);
    throw Object.assign(problemOf(cause), { cause });
  }
}

function refuseWithoutTable(error: unknown): never {
  throw isMissingTable(error) ? earlierVersion() : error;
}

function problemOf(error: unknown): ConfigurationError {
  const said = String(driverErrorField(error, 'message'));
  if (isMissingTable(error)) return refused('it has no tables of the session registry', MIGRATE);
  if (isMissingColumn(error)) return earlierVersion();
  if (isNotAllowed(error)) {
    const mend = 'Grant its user SELECT, INSERT, UPDATE and DELETE on the tables of the session registry';
    return refused(`the user of its connection is not allowed to write there (${said})`, mend);
  }
  if (isOneOf(error, ['SQLITE_BUSY'])) {
    return refused('another process keeps the file locked', 'Stop that process, or wait until it releases the lock');
  }
  if (isOneOf(error, READ_ONLY)) return refused(`it is read-only (${said})`, 'Give the address of the primary');
  if (said.includes('is read-only')) return refused(said.replace(/\.$/, ''), 'Give the address of the primary');
  const code = driverErrorField(error, 'code') ?? driverErrorField(error, 'errno');
  const detail = code === undefined ? said : `${said}, ${String(code)}`;
  return refused(`its tables cannot be read and written (${detail})`, 'Fix what the server reports');
}

function earlierVersion(): ConfigurationError {
  return refused('its tables of the session registry are those of an earlier version', MIGRATE);
}

function refused(problem: string, mend: string): ConfigurationError {
  return new ConfigurationError('database', problem, mend);
}
