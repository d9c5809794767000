import { ConfigurationError } from '../../errors.js';
import type { SqlDatabase } from './sql-database.js';

/** The collation of the users' ids, unless it compares byte by byte. */
const LOOSE = `
  SELECT collation_name AS "collation" FROM information_schema.columns WHERE table_schema = COALESCE(?, DATABASE())
  AND table_name = ? AND column_name = 'userId' AND collation_name NOT LIKE '%\\_bin'`;

/**
 * Throws ConfigurationError if MySQL or MariaDB takes the ids of two users for the same, such as `ada` and `Ada`. TypeORM
 * makes such columns by `synchronize`.
 */
export async function refuseLooseTexts(database: SqlDatabase): Promise<void> {
  const { kind, tables } = database.dialect;
  if (kind !== 'mysql') return;
  const [row] = await database.rows(LOOSE, [tables.schema ?? null, tables.table('sessions')]);
  if (!row) return;
  const problem = `its column 'userId' has the collation ${row.collation}, which takes the ids of different users for the same`;
  const mend = 'Drop the tables, and make them by the migrations of the library and not by `synchronize`';
  throw new ConfigurationError('database', problem, mend);
}
