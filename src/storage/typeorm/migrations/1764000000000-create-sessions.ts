import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm';

/** Creates the tables of the session registry. */
export class CreateSessions1764000000000 implements MigrationInterface {
  readonly name = 'CreateSessions1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(sessions());
    await runner.createTable(cutoffs());
    await runner.createTable(tickets());
    await runner.query('INSERT INTO session_tickets (id, latest) VALUES (1, 0)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('session_tickets');
    await runner.dropTable('session_cutoffs');
    await runner.dropTable('sessions');
  }
}

function sessions(): Table {
  return new Table({
    name: 'sessions',
    columns: [
      { ...text('guid', 36), isPrimary: true },
      text('userId', 255),
      text('refTokID', 32),
      optional(text('predecessor', 32)),
      optional(milliseconds('rotatedAt')),
      optional(milliseconds('usedAt')),
      milliseconds('ticket'),
      optional(text('name', 100)),
      optional(text('userAgent', 512)),
      optional(text('ip', 45)),
      milliseconds('createdAt'),
      milliseconds('lastActiveAt'),
      milliseconds('expiresAt'),
      optional(milliseconds('endedAt')),
      optional(text('endReason', 32)),
      milliseconds('purgeAt'),
    ],
    indices: [
      { name: 'sessions_by_user', columnNames: ['userId'] },
      { name: 'sessions_due_for_purge', columnNames: ['purgeAt'] },
    ],
  });
}

function cutoffs(): Table {
  return new Table({
    name: 'session_cutoffs',
    columns: [
      { ...text('userId', 255), isPrimary: true },
      milliseconds('ticket'),
      optional(milliseconds('validTokenFrom')),
    ],
  });
}

function tickets(): Table {
  return new Table({
    name: 'session_tickets',
    columns: [{ name: 'id', type: 'int', isPrimary: true }, milliseconds('latest')],
  });
}

function text(name: string, length: number): TableColumnOptions {
  return { name, type: 'varchar', length: String(length) };
}

function milliseconds(name: string): TableColumnOptions {
  return { name, type: 'bigint' };
}

function optional(column: TableColumnOptions): TableColumnOptions {
  return { ...column, isNullable: true };
}
