import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Flavour, flavourOfVersion, postgresFlavour, sqliteFlavour } from '../sql/migrations/flavour.js';
import type { Migration } from '../sql/migrations/migration.js';
import { runStatements } from '../sql/migrations/migrations.js';

/** A migration as TypeORM takes it: a class. */
export function typeormMigration(migration: Migration): new () => MigrationInterface {
  return class {
    readonly name = migration.name;

    async up(runner: QueryRunner): Promise<void> {
      await runStatements(migration.up(await flavourOf(runner)), (statement) => runner.query(statement));
    }

    async down(runner: QueryRunner): Promise<void> {
      await runStatements(migration.down(await flavourOf(runner)), (statement) => runner.query(statement));
    }
  };
}

/** What is migrated. */
export async function flavourOf(runner: QueryRunner): Promise<Flavour> {
  const { type } = runner.connection.options;
  if (type === 'postgres') return postgresFlavour;
  if (type !== 'mysql' && type !== 'mariadb') return sqliteFlavour;
  const [row] = (await runner.query('SELECT VERSION() AS version')) as { version: unknown }[];
  return flavourOfVersion(row?.version);
}
