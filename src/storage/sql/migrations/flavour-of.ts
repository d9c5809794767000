import type { SqlDatabase } from '../sql-database.js';
import { type Flavour, flavourOfVersion, postgresFlavour, sqliteFlavour } from './flavour.js';

/** The kind of a database, as its tables are made. */
export async function flavourOf(database: SqlDatabase): Promise<Flavour> {
  const { tables } = database.dialect;
  if (database.dialect.kind === 'postgres') return postgresFlavour.with(tables);
  if (database.dialect.kind !== 'mysql') return sqliteFlavour.with(tables);
  const [row] = await database.rows('SELECT VERSION() AS "version"', []);
  return flavourOfVersion(row?.version).with(tables);
}
