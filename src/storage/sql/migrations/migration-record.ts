import type { Flavour } from './flavour.js';
import type { Migration } from './migration.js';

/** Records which migrations were run. Columns and types are those that TypeORM makes, so that either can go on after the other. */
export const RECORD = 'session_registry_migrations';

/** Creates the record of migrations where it is missing. */
export function createRecord(on: Flavour): string {
  const columns = [
    `${on.name('id')} ${on.countingId}`,
    `${on.name('timestamp')} bigint NOT NULL`,
    `${on.name('name')} varchar(255) NOT NULL`,
  ];
  return `CREATE TABLE IF NOT EXISTS ${on.table(RECORD)} (${columns.join(', ')})`;
}

/** Marks a migration as run, unless it is marked already. */
export function markAsRun(on: Flavour, { name }: Migration): string {
  const [table, column] = [on.table(RECORD), on.name('name')];
  return (
    `INSERT INTO ${table} (${on.name('timestamp')}, ${column}) SELECT ${momentOf(name)}, '${name}' ` +
    `FROM (SELECT 1 AS one) AS once WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE ${column} = '${name}')`
  );
}

function momentOf(name: string): string {
  return /\d+$/.exec(name)?.[0] ?? '0';
}
