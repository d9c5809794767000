import { ConfigurationError } from '../../errors.js';
import { flavourOf } from './migrations/flavour-of.js';
import type { SqlDatabase } from './sql-database.js';

/** The tables that hold texts. */
const TABLES = ['sessions', 'session_cutoffs', 'session_denials', 'session_copies', 'session_runs'] as const;

/** Which of these tables have a text that is not compared byte by byte. */
const LOOSE = `
  SELECT DISTINCT table_name AS "table" FROM information_schema.columns WHERE table_schema = COALESCE(?, DATABASE())
  AND table_name IN (${TABLES.map(() => '?').join(', ')}) AND collation_name NOT LIKE '%\\_bin'`;

/**
 * Makes MySQL and MariaDB compare texts byte by byte where TypeORM has just made the tables by `synchronize`: its columns
 * take the ids of two users for the same, such as `ada` and `Ada`. Throws ConfigurationError if sessions are in them
 * already, because a table with rows is changed when its owner wants it.
 */
export async function tightenTexts(database: SqlDatabase): Promise<void> {
  if (database.dialect.kind !== 'mysql') return;
  const { tables } = database.dialect;
  const rows = await database.rows(LOOSE, [tables.schema ?? null, ...TABLES.map((table) => tables.table(table))]);
  if (rows.length === 0) return;
  const loose = new Set(rows.map(({ table }) => table));
  const flavour = await flavourOf(database);
  const statements = TABLES.filter((table) => loose.has(tables.table(table))).flatMap(flavour.compareTexts);
  const [row] = await database.rows('SELECT 1 AS "used" FROM "@sessions" LIMIT 1', []);
  if (row) throw refusal(statements);
  for (const statement of statements) await database.run(statement, []);
}

function refusal(statements: readonly string[]): ConfigurationError {
  const problem = 'its tables compare texts in a way that takes the ids of different users for the same';
  return new ConfigurationError('database', problem, `Run: ${statements.join('; ')}`);
}
