import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { bigint, collationsOf, optional, varchar } from './columns.js';

/** Creates the table that records two clients using one session in turn. */
export class CreateRuns1764500000000 implements MigrationInterface {
  readonly name = 'CreateRuns1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    // The collation of ids pads with spaces.
    const { text } = await collationsOf(runner);
    await runner.createTable(
      new Table({
        name: 'session_runs',
        columns: [
          { ...varchar('guid', 36), ...text, isPrimary: true },
          { ...varchar('evidence', 16), ...text, isPrimary: true },
          { ...varchar('userId', 255), ...text },
          { ...varchar('generation', 32), ...text },
          { name: 'length', type: 'integer' },
          { name: 'clients', type: 'text', ...text },
          optional(bigint('suspectedAt')),
          optional({ name: 'suspects', type: 'text', ...text }),
          bigint('lookAt'),
        ],
        indices: [
          { name: 'session_runs_by_user', columnNames: ['userId'] },
          { name: 'session_runs_due', columnNames: ['lookAt'] },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('session_runs');
  }
}
