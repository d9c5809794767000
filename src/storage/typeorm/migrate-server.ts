import { setTimeout as wait } from 'node:timers/promises';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { steadyTime } from '../../clock.js';
import { ConfigurationError } from '../../errors.js';
import { atBoot, connectAtBoot } from './at-boot.js';
import { driverErrorField } from '../sql/driver-error.js';
import { PooledDatabase } from '../connections/pooled.database.js';
import { runMigrations } from '../sql/migrations/run-migrations.js';
import { poolOf } from './driver-parts.js';
import { ownMigrations } from './migrate.js';

/** How long migrations may wait for locks before the boot fails, and how long they may run in all, in milliseconds. */
const PATIENCE = { forLocks: 60_000, inAll: 600_000 };
const PAUSE = 500;
/** The errors of a server when a lock was not available in time: of PostgreSQL, and of MySQL and MariaDB. */
const LOCKED = ['55P03', 1205];

/** Runs the pending migrations of this library on a database server, over a separate connection. */
export async function migrateServer(options: DataSourceOptions): Promise<void> {
  const one = { ...options, ...ownMigrations, poolSize: 1 } as DataSourceOptions;
  const dataSource = await connectAtBoot(new DataSource(one));
  const database = new PooledDatabase(poolOf(dataSource, PATIENCE.inAll, true), PATIENCE.inAll);
  try {
    await untilUnlocked(() => atBoot('running its migrations', runMigrations(database), PATIENCE.inAll));
  } finally {
    await dataSource.destroy();
  }
}

async function untilUnlocked(attempt: () => Promise<unknown>): Promise<unknown> {
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
