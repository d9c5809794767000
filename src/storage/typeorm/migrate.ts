import type { EntitySchema, EntitySchemaOptions } from 'typeorm';
import { copyEditionEntitySchema } from './copy-edition.entity.js';
import { sessionCutoffEntitySchema, sessionTicketEntitySchema } from './cutoff.entities.js';
import { sessionDenialEntitySchema } from './denial.entity.js';
import { entitySchema } from './entity-schema.js';
import { sessionRunEntitySchema } from './run.entity.js';
import { MIGRATIONS } from '../sql/migrations/migrations.js';
import { sessionEntitySchema } from './session.entity.js';
import { resolveTables, type TableOptions } from '../../options/tables-option.js';
import { typeormMigration } from './typeorm-migration.js';

/** The library's entities, for the `entities` of a DataSource of the app. */
export const sessionEntities = [
  sessionEntitySchema,
  sessionCutoffEntitySchema,
  sessionTicketEntitySchema,
  sessionDenialEntitySchema,
  copyEditionEntitySchema,
  sessionRunEntitySchema,
];
/** The library's migrations, for the `migrations` of a DataSource of the app. */
export const sessionMigrations = MIGRATIONS.map((migration) => typeormMigration(migration));

/**
 * The entities for the option `tables`. `type` is that of the DataSource: on MySQL and MariaDB the schema is a database.
 * Throws ConfigurationError for an invalid name.
 */
export function sessionEntitiesOf(
  tables: TableOptions,
  type: 'postgres' | 'mysql' | 'mariadb' | 'better-sqlite3' = 'postgres',
): EntitySchema[] {
  const { schema, prefix = '' } = resolveTables(tables);
  const place = schema === undefined ? {} : { [type === 'postgres' ? 'schema' : 'database']: schema };
  return (sessionEntities as EntitySchema[]).map(({ options }) =>
    entitySchema({ ...withPrefix(options, prefix), ...place }),
  );
}

function withPrefix<T>(options: EntitySchemaOptions<T>, prefix: string): EntitySchemaOptions<T> {
  const indices = options.indices?.map((index) => ({ ...index, name: prefix + index.name }));
  return { ...options, tableName: prefix + options.tableName, ...(indices && { indices }) };
}

/** The migrations for the option `tables`. Throws ConfigurationError for an invalid name. */
export function sessionMigrationsOf(tables: TableOptions): typeof sessionMigrations {
  const names = resolveTables(tables);
  return MIGRATIONS.map((migration) => typeormMigration(migration, names));
}

/** What a connection opened by this library knows: its own tables and nothing of the app. */
export const ownMigrations = {
  entities: sessionEntities,
  migrations: sessionMigrations,
  migrationsTableName: 'session_registry_migrations',
  subscribers: [],
  synchronize: false,
  dropSchema: false,
  migrationsRun: false,
};
