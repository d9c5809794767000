import { DataSource, type DataSourceOptions } from 'typeorm';
import { ownMigrations } from '../../src/storage/typeorm/migrate.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { createDatabase, type DatabaseKind, type TestDatabase } from '../support/databases.js';
import { insertCutoffs, insertDenials, insertRows, rowKinds } from './rows.js';

const ANALYZE: Record<DatabaseKind, string[]> = {
  sqlite: ['ANALYZE'],
  postgres: ['VACUUM ANALYZE sessions', 'VACUUM ANALYZE session_cutoffs', 'VACUUM ANALYZE session_denials'],
  mysql: ['ANALYZE TABLE sessions', 'ANALYZE TABLE session_cutoffs', 'ANALYZE TABLE session_denials'],
};

/** A database with so many dead rows and as many live ones, and a connection to look at it from outside. */
export interface FilledDatabase extends TestDatabase {
  outside: DataSource;
}

/** Makes and fills a database. */
export async function fillDatabase(kind: DatabaseKind, count: number): Promise<FilledDatabase> {
  const database = await createDatabase(kind);
  const opened = await openDatabase({ database: database.options, migrate: true, timeout: 10_000 });
  await opened.close();
  const outside = await new DataSource({ ...database.options, ...ownMigrations } as DataSourceOptions).initialize();
  for (const row of rowKinds(count)) await outside.query(insertRows(kind, row));
  await outside.query(insertCutoffs(kind, count / 10));
  await outside.query(insertDenials(kind, count / 10));
  for (const statement of ANALYZE[kind]) await outside.query(statement);
  const drop = async () => {
    await outside.destroy();
    await database.drop();
  };
  return { ...database, outside, drop };
}

/** How many rows of a prefix there are. */
export async function countOf({ outside }: FilledDatabase, prefix: string): Promise<number> {
  const [row] = (await outside.query(`SELECT COUNT(*) AS rows_found FROM sessions WHERE guid LIKE '${prefix}-%'`)) as [
    { rows_found: string | number },
  ];
  return Number(row.rows_found);
}

const SIZES: Record<DatabaseKind, string> = {
  sqlite:
    "SELECT SUM(pgsize) AS bytes FROM dbstat WHERE name = 'sessions' OR name LIKE 'sqlite_autoindex_sessions%' OR name LIKE 'sessions_%'",
  postgres: "SELECT pg_total_relation_size('sessions') AS bytes",
  mysql:
    'SELECT SUM(data_length + index_length) AS bytes FROM information_schema.tables ' +
    "WHERE table_schema = DATABASE() AND table_name = 'sessions'",
};

/** The size of the sessions table with its indexes, in bytes. */
export async function sizeOf({ kind, outside }: FilledDatabase): Promise<number> {
  const [row] = (await outside.query(SIZES[kind])) as [{ bytes: string | number }];
  return Number(row.bytes);
}
