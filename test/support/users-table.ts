import { DataSource, type DataSourceOptions, EntitySchema } from 'typeorm';
import type { CutoffColumn } from '../../src/options/cutoff-column-option.js';
import type { SqlDatabase } from '../../src/storage/sql/sql-database.js';

/** The column of the table below, as the option `revocation.column` names it. */
export const COLUMN: CutoffColumn = { table: 'users', id: 'id', name: 'cutoff' };

/** How users are told apart. */
export type UserIds = 'integer' | 'varchar';

/** Makes a table of users as an app does: by TypeORM, over a connection of the app. */
export async function createUsersTable(options: DataSourceOptions, ids: UserIds): Promise<void> {
  const bytes = options.type === 'mysql' && { charset: 'utf8mb4', collation: 'utf8mb4_nopad_bin' };
  const users = new EntitySchema({
    name: 'User',
    tableName: COLUMN.table,
    columns: {
      id: { type: ids, primary: true, ...(ids === 'varchar' && { length: 255, ...bytes }) },
      cutoff: { type: 'bigint', nullable: true },
    },
  });
  const dataSource = await new DataSource({ ...options, entities: [users], synchronize: true }).initialize();
  await dataSource.destroy();
}

/** A user signs up, unless they have. */
export async function signUp(database: SqlDatabase, userId: string): Promise<void> {
  const [there] = await database.rows('SELECT "id" FROM "users" WHERE "id" = ?', [userId]);
  if (!there) await database.run('INSERT INTO "users" ("id") VALUES (?)', [userId]);
}
