import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

const FORMER = new TableIndex({ name: 'sessions_by_user', columnNames: ['userId'] });
/** A user's live sessions in their order, separate from the ended ones, which are ordered by their ends. */
const PAGED = new TableIndex({
  name: 'sessions_of_user',
  columnNames: ['userId', 'endedAt', 'createdAt', 'guid'],
});

/**
 * Replaces the index of a user's sessions by one in the order of the lists, so that a page reads no more than it shows.
 */
export class PageSessions1764600000000 implements MigrationInterface {
  readonly name = 'PageSessions1764600000000';

  /** Changes nothing if the index exists. */
  async up(runner: QueryRunner): Promise<void> {
    await replace(runner, FORMER, PAGED);
  }

  async down(runner: QueryRunner): Promise<void> {
    await replace(runner, PAGED, FORMER);
  }
}

/** The new index is created first, so that there is always one to use. */
async function replace(runner: QueryRunner, former: TableIndex, next: TableIndex): Promise<void> {
  const table = await runner.getTable('sessions');
  const has = ({ name }: TableIndex) => table?.indices.some((index) => index.name === name);
  if (!has(next)) await runner.createIndex('sessions', next);
  if (has(former)) await runner.dropIndex('sessions', former);
}
