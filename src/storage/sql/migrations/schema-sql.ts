import { type Flavour, flavourOfVersion, postgresFlavour, sqliteFlavour } from './flavour.js';
import { resolveTables, type TableOptions } from '../../../options/tables-option.js';
import { refuseSchema } from '../dialects/sqlite.js';
import { TableNames } from '../table-names.js';
import { schemaStatements } from './create-schema.js';
import { createRecord, markAsRun } from './migration-record.js';
import { MIGRATIONS } from './migrations.js';
import type { Migration } from './migration.js';

/** For which database the statements are, and from where on. */
export interface SchemaSqlOptions {
  /** The kind of the database. MySQL and MariaDB differ in their collations. */
  readonly type: 'postgres' | 'mysql' | 'mariadb' | 'sqlite';
  /**
   * The name of the last migration that was run: only what came after it is given.
   * @default none: the statements are for a database without our tables
   */
  readonly since?: string;
  /**
   * The option `tables` of `AuthModule`.
   * @default the usual names
   */
  readonly tables?: TableOptions;
}

const FLAVOURS: Readonly<Record<SchemaSqlOptions['type'], Flavour>> = {
  postgres: postgresFlavour,
  mysql: flavourOfVersion('MySQL'),
  mariadb: flavourOfVersion('MariaDB'),
  sqlite: sqliteFlavour,
};

/**
 * The statements that make the library's tables, in order and without semicolons, for a migration tool of the app. They
 * also record each migration as run, so that the library finds nothing to do at boot. Throws RangeError for an unknown
 * `type` or `since`, and ConfigurationError for `tables` that are no names.
 */
export function sessionSchemaSql({ type, since, tables }: SchemaSqlOptions): readonly string[] {
  const kind = FLAVOURS[type];
  if (!kind) throw unknown('type', type, Object.keys(FLAVOURS));
  const names = resolveTables(tables);
  if (type === 'sqlite') refuseSchema(names);
  const on = kind.with(new TableNames(names));
  return [
    ...schemaStatements(on),
    createRecord(on),
    ...after(since).flatMap((migration) => [...migration.up(on), markAsRun(on, migration)]),
  ];
}

function after(since: string | undefined): readonly Migration[] {
  const names = MIGRATIONS.map(({ name }) => name);
  if (since !== undefined && !names.includes(since)) throw unknown('migration', since, names);
  return since === undefined ? MIGRATIONS : MIGRATIONS.slice(names.indexOf(since) + 1);
}

function unknown(what: string, given: unknown, known: readonly string[]): RangeError {
  const listed = known.map((name) => `'${name}'`).join(', ');
  return new RangeError(`sessionSchemaSql: the ${what} '${given}' is not known. Use one of ${listed}.`);
}
