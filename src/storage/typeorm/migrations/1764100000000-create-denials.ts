import { type MigrationInterface, type QueryRunner, Table, TableColumn } from 'typeorm';
import { bigint, collationsOf, optional, varchar } from './columns.js';

/** Creates the table of the denylist, and lets a cutoff record which session was kept. */
export class CreateDenials1764100000000 implements MigrationInterface {
  readonly name = 'CreateDenials1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    const { id, text } = await collationsOf(runner);
    await runner.addColumn('session_cutoffs', new TableColumn(optional({ ...varchar('kept', 36), ...id })));
    await runner.createTable(
      new Table({
        name: 'session_denials',
        columns: [
          { ...varchar('subject', 263), ...text, isPrimary: true },
          bigint('ticket'),
          optional({ ...varchar('kept', 36), ...id }),
          bigint('until'),
        ],
        indices: [{ name: 'session_denials_due', columnNames: ['until'] }],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('session_denials');
    await runner.dropColumn('session_cutoffs', 'kept');
  }
}
