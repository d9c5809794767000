import 'reflect-metadata';
import { sessionEntities, sessionMigrations } from 'nestjs-session-registry';
import { DataSource } from 'typeorm';
import { Account } from './account.entity.js';
import { CreateAccounts1700000000000 } from './create-accounts.migration.js';
import { SnakeCase } from './snake-case.js';

/** The database of the app, for its CLI too. */
export const dataSource = new DataSource({
  type: 'postgres',
  url: process.env.DATABASE_URL ?? '',
  namingStrategy: new SnakeCase(),
  entities: [Account, ...sessionEntities],
  migrations: [CreateAccounts1700000000000, ...sessionMigrations],
});
