import { setTimeout as wait } from 'node:timers/promises';
import { steadyTime } from '../../../clock.js';
import { ConfigurationError } from '../../../errors.js';
import { atBoot } from '../at-boot.js';
import { driverErrorField } from '../driver-error.js';
import type { SqlDatabase } from '../sql-database.js';
import { migrate } from './migrate.js';

/** How long migrations may run in all, in milliseconds; the database they run on has to have that patience. */
export const MIGRATION_TIME = 600_000;
/** How long they may wait for locks before the boot fails, in milliseconds. */
const PATIENCE = 60_000;
const PAUSE = 500;
/** The errors of a server when a lock was not available in time: of PostgreSQL, and of MySQL and MariaDB. */
const LOCKED = ['55P03', 1205];

/**
 * Runs the pending migrations, and tries again while somebody else holds a lock on the tables. Throws ConfigurationError if the lock is not free in time.
 */
export async function migratePatiently(database: SqlDatabase): Promise<void> {
  for (const startedAt = steadyTime(); ; await wait(PAUSE)) {
    try {
      await atBoot('running its migrations', migrate(database), MIGRATION_TIME);
      return;
    } catch (error) {
      if (!isLocked(error)) throw error;
      if (steadyTime() - startedAt > PATIENCE) throw lockedOut(error);
    }
  }
}

function isLocked(error: unknown): boolean {
  const fields = [driverErrorField(error, 'code'), driverErrorField(error, 'errno')];
  return LOCKED.some((code) => fields.includes(code));
}

function lockedOut(cause: unknown): ConfigurationError {
  const problem = `its migrations waited ${PATIENCE / 1_000} s for a lock on its tables that somebody else holds`;
  const mend = 'End what holds it, such as a long transaction, a backup or another migration, and start again';
  return Object.assign(new ConfigurationError('database', problem, mend), { cause });
}
