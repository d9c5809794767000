import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Flavour, flavourOfVersion, postgresFlavour, sqliteFlavour } from '../sql/migrations/flavour.js';
import type { TableOptions } from '../../options/tables-option.js';
import { createSchema } from '../sql/migrations/create-schema.js';
import type { Migration } from '../sql/migrations/migration.js';
import { runStatements } from '../sql/migrations/migrations.js';
import { tableNamesOf } from './tables-of.js';

/**
 * A migration as TypeORM takes it: a class. Without `tables`, the tables are named as the DataSource says by its `schema`
 * and `entityPrefix`.
 */
export function typeormMigration(migration: Migration, tables?: TableOptions): new () => MigrationInterface {
  return class {
    readonly name = nameOf(migration, tables);

    async up(runner: QueryRunner): Promise<void> {
      const on = await flavourOf(runner, tables);
      const query = (statement: string) => runner.query(statement);
      await createSchema(on, query);
      await runStatements(migration.up(on), query);
    }

    async down(runner: QueryRunner): Promise<void> {
      await runStatements(migration.down(await flavourOf(runner, tables)), (statement) => runner.query(statement));
    }
  };
}

/** Its own name for each set of tables, since TypeORM takes two of the same name for one. It ends with the moment. */
function nameOf({ name }: Migration, { schema, prefix }: TableOptions = {}): string {
  const marks = [schema, prefix].filter((mark) => mark !== undefined).map((mark) => `_${mark}_`);
  return name.replace(/\d+$/, (moment) => marks.join('') + moment);
}

/** What is migrated, with the names of the tables. */
export async function flavourOf(runner: QueryRunner, tables?: TableOptions): Promise<Flavour> {
  return (await kindOf(runner)).with(tableNamesOf(runner.connection.options, tables));
}

async function kindOf(runner: QueryRunner): Promise<Flavour> {
  const { type } = runner.connection.options;
  if (type === 'postgres') return postgresFlavour;
  if (type !== 'mysql' && type !== 'mariadb') return sqliteFlavour;
  const [row] = (await runner.query('SELECT VERSION() AS version')) as { version: unknown }[];
  return flavourOfVersion(row?.version);
}
