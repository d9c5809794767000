import type { SqlDatabase } from './sql-database.js';
import { isMariadb, mysql } from './dialects/mysql.js';
import { postgres } from './dialects/postgres.js';

/** Which database this is, for people: no address, and nothing secret. */
export async function placeOf(database: SqlDatabase): Promise<string> {
  if (database.dialect === postgres) {
    const [row] = await database.rows('SELECT current_database() AS "name", current_schema() AS "schema"', []);
    return `PostgreSQL, database '${row?.name}', schema '${row?.schema}'`;
  }
  if (database.dialect === mysql) {
    const [row] = await database.rows('SELECT DATABASE() AS "name", VERSION() AS "version"', []);
    return `${isMariadb(row?.version) ? 'MariaDB' : 'MySQL'}, database '${row?.name}'`;
  }
  const [row] = await database.rows("SELECT file FROM pragma_database_list WHERE name = 'main'", []);
  return row?.file ? `the SQLite file ${row.file}` : 'SQLite in memory';
}
