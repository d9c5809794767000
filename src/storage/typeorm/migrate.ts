import type { DataSource } from 'typeorm';
import { copyEditionEntitySchema } from './copy-edition.entity.js';
import { sessionCutoffEntitySchema, sessionTicketEntitySchema } from './cutoff.entities.js';
import { sessionDenialEntitySchema } from './denial.entity.js';
import { CreateSessions1764000000000 } from './migrations/1764000000000-create-sessions.js';
import { CreateDenials1764100000000 } from './migrations/1764100000000-create-denials.js';
import { CutOffEverybody1764200000000 } from './migrations/1764200000000-cut-off-everybody.js';
import { CreateCopies1764300000000 } from './migrations/1764300000000-create-copies.js';
import { CompareEveryBlank1764400000000 } from './migrations/1764400000000-compare-every-blank.js';
import { CreateRuns1764500000000 } from './migrations/1764500000000-create-runs.js';
import { PageSessions1764600000000 } from './migrations/1764600000000-page-sessions.js';
import { sessionRunEntitySchema } from './run.entity.js';
import { sessionEntitySchema } from './session.entity.js';

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
export const sessionMigrations = [
  CreateSessions1764000000000,
  CreateDenials1764100000000,
  CutOffEverybody1764200000000,
  CreateCopies1764300000000,
  CompareEveryBlank1764400000000,
  CreateRuns1764500000000,
  PageSessions1764600000000,
];

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

/** Creates the tables if they are missing, on a connection whose DataSource knows none of the migrations. */
export async function createTables(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  const made = {
    session_tickets: CreateSessions1764000000000,
    session_denials: CreateDenials1764100000000,
    session_copies: CreateCopies1764300000000,
    session_runs: CreateRuns1764500000000,
  };
  for (const [table, Migration] of Object.entries(made)) {
    if (!(await runner.hasTable(table))) await new Migration().up(runner);
  }
  await new CutOffEverybody1764200000000().up(runner);
  await new PageSessions1764600000000().up(runner);
}
