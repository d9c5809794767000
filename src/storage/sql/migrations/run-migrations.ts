import type { Dialect } from '../dialects/dialect.js';
import type { SqlDatabase, SqlExecutor } from '../sql-database.js';
import type { Flavour } from './flavour.js';
import { flavourOf } from './flavour-of.js';
import { createSchema } from './create-schema.js';
import { refuseForeignTables } from '../foreign-tables.js';
import { createRecord, markAsRun, RECORD } from './migration-record.js';
import { MIGRATIONS, runStatements } from './migrations.js';
import type { Migration } from './migration.js';

/** Only one process at a time; on PostgreSQL the transaction holds it, so that no pooler can lose it. */
const LOCK = 7238451190;
/** Statements that come after a waiting migration have to wait too, so it gives up soon and is tried again. */
const LOCK_TIMEOUT = 500;

/** Runs the pending migrations, by one process at a time. Without any, it takes no lock. Resolves to their names. */
export async function runMigrations(database: SqlDatabase): Promise<readonly string[]> {
  const flavour = await flavourOf(database);
  // The first time there is no record yet. Whatever else is wrong shows in the transaction.
  const pending = await pendingIn(database, flavour).catch(() => MIGRATIONS);
  if (pending.length === 0) return [];
  await refuseForeignTables(database);
  return database.transaction((executor) =>
    alone(database.dialect, executor, async () => {
      await createSchema(flavour, (statement) => executor.rows(statement, []));
      await executor.run(createRecord(flavour), []);
      const left = await pendingIn(executor, flavour);
      for (const migration of left) await run(executor, flavour, migration);
      return left.map(({ name }) => name);
    }),
  );
}

async function pendingIn(executor: SqlExecutor, on: Flavour): Promise<readonly Migration[]> {
  const rows = await executor.rows(`SELECT ${on.name('name')} FROM ${on.table(RECORD)}`, []);
  const done = new Set(rows.map(({ name }) => String(name)));
  return MIGRATIONS.filter(({ name }) => !done.has(name));
}

async function run(executor: SqlExecutor, on: Flavour, migration: Migration): Promise<void> {
  await runStatements(migration.up(on), (statement) => executor.run(statement, []));
  await executor.run(markAsRun(on, migration), []);
}

/** Does the work while no other process migrates. Rejects if the lock is not free soon. SQLite locks the whole file. */
async function alone<T>(dialect: Dialect, executor: SqlExecutor, work: () => Promise<T>): Promise<T> {
  if (dialect.kind === 'postgres') {
    await executor.run(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT}`, []);
    await executor.rows(`SELECT pg_advisory_xact_lock(${dialect.tables.lock(LOCK)})`, []);
  }
  return dialect.kind === 'mysql' ? aloneInMysql(executor, dialect.tables.shared(RECORD), work) : work();
}

/** Statements that change tables commit there, so the lock belongs to the connection. */
async function aloneInMysql<T>(executor: SqlExecutor, lock: string, work: () => Promise<T>): Promise<T> {
  const [row] = await executor.rows(`SELECT GET_LOCK('${lock}', 1) AS "held"`, []);
  if (Number(row?.held) !== 1) throw Object.assign(new Error('Another process is migrating'), { errno: 1205 });
  try {
    await executor.run('SET SESSION lock_wait_timeout = 1', []);
    return await work();
  } finally {
    await executor.run('SET SESSION lock_wait_timeout = DEFAULT', []);
    await executor.rows(`SELECT RELEASE_LOCK('${lock}') AS "released"`, []);
  }
}
