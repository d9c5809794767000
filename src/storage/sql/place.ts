import type { SqlDatabase } from './sql-database.js';
import { isMariadb } from './dialects/mysql.js';

/** Which database this is, for people: no address, and nothing secret. */
export async function placeOf(database: SqlDatabase): Promise<string> {
  const { schema, prefix } = database.dialect.tables;
  const begun = prefix === '' ? '' : `, tables '${prefix}…'`;
  if (database.dialect.kind === 'postgres') {
    const [row] = await database.rows('SELECT current_database() AS "name", current_schema() AS "schema"', []);
    return `PostgreSQL, database '${row?.name}', schema '${schema ?? row?.schema}'${begun}`;
  }
  if (database.dialect.kind === 'mysql') {
    const [row] = await database.rows('SELECT DATABASE() AS "name", VERSION() AS "version"', []);
    return `${isMariadb(row?.version) ? 'MariaDB' : 'MySQL'}, database '${schema ?? row?.name}'${begun}`;
  }
  const [row] = await database.rows("SELECT file FROM pragma_database_list WHERE name = 'main'", []);
  return `${row?.file ? `the SQLite file ${row.file}` : 'SQLite in memory'}${begun}`;
}
