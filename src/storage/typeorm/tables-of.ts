import type { DataSource, DataSourceOptions } from 'typeorm';
import { ConfigurationError } from '../../errors.js';
import { resolveTables, type TableOptions } from '../../options/tables-option.js';
import { TableNames } from '../sql/table-names.js';

/** What TypeORM itself puts before the names of tables. */
interface TypeormNames {
  readonly schema?: string | undefined;
  readonly entityPrefix?: string | undefined;
}

/**
 * The names of the tables: those of the option `tables`, or else those of TypeORM's own options. TypeORM puts its
 * `entityPrefix` before tables, and not before indexes. Throws ConfigurationError for an invalid name.
 */
export function tableNamesOf(options: DataSourceOptions, given: TableOptions = {}): TableNames {
  const { schema, entityPrefix } = options as TypeormNames;
  const [place, prefix] = [given.schema ?? (schema || undefined), given.prefix ?? (entityPrefix || undefined)];
  const tables = resolveTables({ ...(place && { schema: place }), ...(prefix && { prefix }) });
  return new TableNames(tables, given.prefix ?? '');
}

/** Throws ConfigurationError if the library's entities in a DataSource of the app are other tables than these. */
export function refuseOtherEntities({ entityMetadatas, options }: DataSource, tables: TableNames): void {
  // Several, if the DataSource has the tables of several realms.
  const theirs = (entityMetadatas ?? [])
    .filter(({ name }) => name === 'SessionEntity')
    .map((entity) => pathOf(options.type === 'postgres' ? entity.schema : entity.database, entity.tableName));
  const ours = pathOf(tables.schema, tables.table('sessions'));
  if (theirs.length === 0 || theirs.includes(ours)) return;
  const found = theirs.map((table) => `'${table}'`).join(' and ');
  const problem = `the sessions are to be in the table '${ours}', but \`SessionEntity\` of the DataSource is ${found}`;
  const mend =
    'Use `sessionEntitiesOf` and `sessionMigrationsOf` with the same `tables`, or leave `tables` out; where the DataSource ' +
    'has an `entityPrefix`, leave `tables.prefix` out';
  throw new ConfigurationError('tables', problem, mend);
}

function pathOf(schema: string | undefined, table: string): string {
  return schema === undefined ? table : `${schema}.${table}`;
}
