import { type MigrationInterface, type QueryRunner, TableColumn, TableIndex } from 'typeorm';

/** Adds the note that the other sessions of a user are still to be signed out, after a change of password. */
export class AddSignOutDue1764100000000 implements MigrationInterface {
  readonly name = 'AddSignOutDue1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    const column = new TableColumn({ name: 'signOutAllBut', type: 'varchar', length: '36', isNullable: true });
    // Where a process died half way, MySQL keeps what it did.
    if (await runner.hasColumn('users', column.name)) return;
    await runner.addColumn('users', column);
    await runner.createIndex('users', new TableIndex({ name: 'users_signOutAllBut', columnNames: [column.name] }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('users', 'signOutAllBut');
  }
}
