import { setTimeout as wait } from 'node:timers/promises';
import { DataSource, type DataSourceOptions, MigrationExecutor, type QueryRunner } from 'typeorm';
import { steadyTime } from '../../clock.js';
import { ConfigurationError } from '../../errors.js';
import { atBoot, connectAtBoot } from './at-boot.js';
import { driverErrorField } from '../sql/driver-error.js';
import { ownMigrations } from './migrate.js';

/** How long migrations may wait for locks before the boot fails, and how long they may run in all, in milliseconds. */
const PATIENCE = { forLocks: 60_000, inAll: 600_000 };
/** Statements that come after a waiting migration have to wait too, so it gives up soon and tries again. */
const LOCK_TIMEOUT = 500;
const PAUSE = 500;
/** The errors of a server when a lock was not available in time: of PostgreSQL, and of MySQL and MariaDB. */
const LOCKED = ['55P03', 1205];

/** Runs the pending migrations of this library on a database server, over a separate connection. */
export async function migrateServer(options: DataSourceOptions): Promise<void> {
  const one = { ...options, ...ownMigrations, poolSize: 1 } as DataSourceOptions;
  const dataSource = await connectAtBoot(new DataSource(one));
  const attempt = options.type === 'postgres' ? migratePostgres : migrateMysql;
  try {
    await untilUnlocked(() => atBoot('running its migrations', withRunner(dataSource, attempt), PATIENCE.inAll));
  } finally {
    await dataSource.destroy();
  }
}

type Attempt = (dataSource: DataSource, runner: QueryRunner) => Promise<void>;

async function withRunner(dataSource: DataSource, attempt: Attempt): Promise<void> {
  const runner = dataSource.createQueryRunner('master');
  try {
    await attempt(dataSource, runner);
  } finally {
    await runner.release();
  }
}

/**
 * In one transaction, whose lock a pooler cannot lose and which ends by itself: several processes may start at once.
 */
async function migratePostgres(dataSource: DataSource, runner: QueryRunner): Promise<void> {
  await runner.startTransaction('READ COMMITTED');
  try {
    await runner.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT}`);
    await runner.query('SELECT pg_advisory_xact_lock(7238451190)');
    await runPending(dataSource, runner);
    await runner.commitTransaction();
  } catch (error) {
    await runner.rollbackTransaction().catch(() => {});
    throw error;
  }
}

async function migrateMysql(dataSource: DataSource, runner: QueryRunner): Promise<void> {
  await runner.query('SET SESSION lock_wait_timeout = 1');
  const [row] = (await runner.query("SELECT GET_LOCK('session_registry_migrations', 1) AS held")) as {
    held: unknown;
  }[];
  if (Number(row?.held) !== 1) throw Object.assign(new Error('Another process is migrating'), { errno: 1205 });
  try {
    await runPending(dataSource, runner);
  } finally {
    await runner.query("SELECT RELEASE_LOCK('session_registry_migrations')");
  }
}

async function runPending(dataSource: DataSource, runner: QueryRunner): Promise<void> {
  const executor = new MigrationExecutor(dataSource, runner);
  executor.transaction = 'none';
  await executor.executePendingMigrations();
}

async function untilUnlocked(attempt: () => Promise<void>): Promise<void> {
  for (const startedAt = steadyTime(); ; await wait(PAUSE)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isLocked(error)) throw error;
      if (steadyTime() - startedAt > PATIENCE.forLocks) throw lockedOut(error);
    }
  }
}

function isLocked(error: unknown): boolean {
  const fields = [driverErrorField(error, 'code'), driverErrorField(error, 'errno')];
  return LOCKED.some((code) => fields.includes(code));
}

function lockedOut(cause: unknown): ConfigurationError {
  const problem = `its migrations waited ${PATIENCE.forLocks / 1_000} s for a lock on its tables that somebody else holds`;
  const mend = 'End what holds it, such as a long transaction, a backup or another migration, and start again';
  return Object.assign(new ConfigurationError('database', problem, mend), { cause });
}
