import type { Flavour } from './flavour.js';

/** One step from one version of the tables to the next, as statements. */
export interface Migration {
  /** Unique and for good; ends with the moment it was written, by which migrations are ordered. */
  readonly name: string;
  /** Statements that change nothing where they were run before. */
  up(on: Flavour): readonly string[];
  /** Statements that take it back. */
  down(on: Flavour): readonly string[];
}

/** The columns of a table, by their names, with what follows the name. */
export type Columns = Readonly<Record<string, string>>;

/** Creates a table where it is missing. */
export function createTable(on: Flavour, table: string, columns: Columns, primaryKey: readonly string[]): string {
  const listed = Object.entries(columns).map(([name, type]) => `${on.name(name)} ${type}`);
  const key = `PRIMARY KEY (${primaryKey.map(on.name).join(', ')})`;
  return `CREATE TABLE IF NOT EXISTS ${on.table(table)} (${[...listed, key].join(', ')})`;
}

/** Drops a table. */
export function dropTable(on: Flavour, table: string): string {
  return `DROP TABLE ${on.table(table)}`;
}

/** Adds a column where it is missing. */
export function addColumn(on: Flavour, table: string, column: string, type: string): string {
  return `ALTER TABLE ${on.table(table)} ADD COLUMN ${on.ifNotExists.column}${on.name(column)} ${type}`;
}

/** Creates an index where it is missing. */
export function createIndex(on: Flavour, index: string, table: string, columns: readonly string[]): string {
  const listed = columns.map(on.name).join(', ');
  return `CREATE INDEX ${on.ifNotExists.index}${on.index(index)} ON ${on.table(table)} (${listed})`;
}

/** Makes the one row of a table that has one, where it is missing. */
export function insertFirst(on: Flavour, table: string, row: Readonly<Record<string, number | "''">>): string {
  const names = Object.keys(row).map(on.name).join(', ');
  const values = Object.values(row).join(', ');
  return (
    `INSERT INTO ${on.table(table)} (${names}) SELECT ${values} FROM (SELECT 1 AS one) AS once ` +
    `WHERE NOT EXISTS (SELECT 1 FROM ${on.table(table)})`
  );
}
