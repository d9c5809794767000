import type { QueryRunner, TableColumnOptions } from 'typeorm';

/** How text is compared: byte by byte everywhere, or two users could be mistaken for one. */
export interface Collations {
  /** For ids that the library creates. */
  readonly id: Partial<TableColumnOptions>;
  /** For values from outside. */
  readonly text: Partial<TableColumnOptions>;
}

/** The collations of the database that is migrated. */
export async function collationsOf(runner: QueryRunner): Promise<Collations> {
  const { type } = runner.connection.options;
  if (type !== 'mysql' && type !== 'mariadb') return { id: {}, text: {} };
  const [{ version }] = (await runner.query('SELECT VERSION() AS version')) as [{ version: string }];
  // Collations that do not ignore trailing spaces; MariaDB and MySQL name theirs differently.
  const collation = /mariadb/i.test(version) ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin';
  return { id: { charset: 'ascii', collation: 'ascii_bin' }, text: { charset: 'utf8mb4', collation } };
}

/** A text of at most this many characters. */
export function varchar(name: string, length: number): TableColumnOptions {
  return { name, type: 'varchar', length: String(length) };
}

/** A whole number as large as JavaScript can count exactly. */
export function bigint(name: string): TableColumnOptions {
  return { name, type: 'bigint' };
}

/** The same column, but nullable. */
export function optional(column: TableColumnOptions): TableColumnOptions {
  return { ...column, isNullable: true };
}
