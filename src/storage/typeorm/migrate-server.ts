import type { DataSourceOptions } from 'typeorm';
import { PooledDatabase } from '../connections/pooled.database.js';
import { MIGRATION_TIME, migratePatiently } from '../sql/migrations/migrate-patiently.js';
import type { TableNames } from '../sql/table-names.js';
import { connectAtBoot } from './connect-at-boot.js';
import { poolOf } from './driver-parts.js';
import { ownMigrations } from './migrate.js';

/** Runs the pending migrations of this library on a database server, over a separate connection. */
export async function migrateServer(options: DataSourceOptions, tables: TableNames): Promise<void> {
  const one = { ...options, ...ownMigrations, poolSize: 1 } as DataSourceOptions;
  const dataSource = await connectAtBoot(one);
  try {
    await migratePatiently(
      new PooledDatabase(poolOf(dataSource, { timeout: MIGRATION_TIME, isOurs: true, tables }), MIGRATION_TIME),
    );
  } finally {
    await dataSource.destroy();
  }
}
