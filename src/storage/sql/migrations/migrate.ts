import { ConfigurationError } from '../../../errors.js';
import { driverErrorField } from '../driver-error.js';
import { isNotAllowed } from '../error-codes.js';
import type { SqlDatabase } from '../sql-database.js';
import { runMigrations } from './run-migrations.js';

const ROLE = {
  postgres: 'SELECT current_user AS "role"',
  mysql: 'SELECT CURRENT_USER() AS "role"',
  sqlite: 'SELECT NULL AS "role"',
};

/** Runs the pending migrations. Throws ConfigurationError if the role of the connection may not create tables. */
export async function migrate(database: SqlDatabase): Promise<void> {
  try {
    await runMigrations(database);
  } catch (cause) {
    if (!isNotAllowed(cause)) throw cause;
    throw Object.assign(await withoutRights(database, cause), { cause });
  }
}

async function withoutRights(database: SqlDatabase, cause: unknown): Promise<ConfigurationError> {
  const [row] = await database.rows(ROLE[database.dialect.kind], []);
  const said = String(driverErrorField(cause, 'message'));
  const problem = `its role '${row?.role}' may not create the tables of the session registry (${said})`;
  const mend =
    'Run the migrations once as a role that may (start once with its login, run `sessionMigrations` with TypeORM, or run the ' +
    `statements that \`sessionSchemaSql\` gives), grant '${row?.role}' SELECT, INSERT, UPDATE and DELETE on the tables, and set \`migrate: false\``;
  return new ConfigurationError('database', problem, mend);
}
