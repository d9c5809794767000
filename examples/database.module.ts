import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Environment } from './environment/environment.js';
import { EnvironmentError } from './environment/environment-error.js';
import { CreateUsers1764000000000 } from './users/create-users.migration.js';
import { UserEntity } from './users/user.entity.js';

const MIGRATION_TRIES = 10;
const MIGRATION_WAIT = 200;

/** The connection for the app's own tables; the library opens one for its own. */
@Global()
@Module({
  providers: [{ provide: DataSource, inject: [Environment], useFactory: openDatabase }],
  exports: [DataSource],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(private readonly dataSource: DataSource) {}

  async onApplicationShutdown(): Promise<void> {
    await this.dataSource.destroy();
  }
}

async function openDatabase({ database }: Environment): Promise<DataSource> {
  const own = {
    entities: [UserEntity],
    migrations: [CreateUsers1764000000000],
    migrationsTableName: 'users_migrations',
  };
  const dataSource = new DataSource({ ...database.options, ...own });
  try {
    await dataSource.initialize();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const problem = `${database.shown} cannot be opened (${why})`;
    throw new EnvironmentError('DATABASE_URL', problem, 'Name a database that is there and lets this app in');
  }
  await migrate(dataSource);
  return dataSource;
}

/** Of several processes that start at once on an empty database, all but one fail, and find the work done next time. */
async function migrate(dataSource: DataSource): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await dataSource.runMigrations();
      return;
    } catch (error) {
      if (tries === MIGRATION_TRIES) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, MIGRATION_WAIT));
  }
}
