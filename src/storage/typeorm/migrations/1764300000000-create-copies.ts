import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { bigint, collationsOf, varchar } from './columns.js';

/** Creates the row that names which copies of sessions may be read. */
export class CreateCopies1764300000000 implements MigrationInterface {
  readonly name = 'CreateCopies1764300000000';

  async up(runner: QueryRunner): Promise<void> {
    const { id } = await collationsOf(runner);
    const columns = [
      { name: 'id', type: 'integer', isPrimary: true },
      { ...varchar('edition', 64), ...id },
      bigint('retired'),
      bigint('retiredAt'),
    ];
    await runner.createTable(new Table({ name: 'session_copies', columns }));
    await runner.manager
      .createQueryBuilder()
      .insert()
      .into('session_copies')
      .values({ id: 1, edition: '', retired: 0, retiredAt: 0 })
      .execute();
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('session_copies');
  }
}
