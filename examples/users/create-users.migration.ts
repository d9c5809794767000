import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

/** Creates the users table. */
export class CreateUsers1764000000000 implements MigrationInterface {
  readonly name = 'CreateUsers1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    const users = new Table({
      name: 'users',
      columns: [
        { name: 'id', type: 'varchar', length: '36', isPrimary: true },
        { name: 'username', type: 'varchar', length: '64' },
        { name: 'usernameKey', type: 'varchar', length: '255', isUnique: true },
        { name: 'passwordHash', type: 'varchar', length: '255' },
      ],
    });
    await runner.createTable(users, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('users');
  }
}
