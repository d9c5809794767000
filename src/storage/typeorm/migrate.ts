import { copyEditionEntitySchema } from './copy-edition.entity.js';
import { sessionCutoffEntitySchema, sessionTicketEntitySchema } from './cutoff.entities.js';
import { sessionDenialEntitySchema } from './denial.entity.js';
import { sessionRunEntitySchema } from './run.entity.js';
import { MIGRATIONS } from '../sql/migrations/migrations.js';
import { sessionEntitySchema } from './session.entity.js';
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
export const sessionMigrations = MIGRATIONS.map(typeormMigration);

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
