import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { bigint, type Collations, collationsOf, optional, varchar } from './columns.js';

/** Creates the tables of the session registry. */
export class CreateSessions1764000000000 implements MigrationInterface {
  readonly name = 'CreateSessions1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    const collations = await collationsOf(runner);
    await runner.createTable(sessions(collations));
    await runner.createTable(cutoffs(collations));
    await runner.createTable(tickets());
    await runner.query('INSERT INTO session_tickets (id, latest) VALUES (1, 0)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('session_tickets');
    await runner.dropTable('session_cutoffs');
    await runner.dropTable('sessions');
  }
}

function sessions({ id, text }: Collations): Table {
  return new Table({
    name: 'sessions',
    columns: [
      { ...varchar('guid', 36), ...id, isPrimary: true },
      { ...varchar('userId', 255), ...text },
      { ...varchar('refTokID', 32), ...id },
      optional({ ...varchar('predecessor', 32), ...id }),
      optional(bigint('rotatedAt')),
      optional(bigint('usedAt')),
      bigint('ticket'),
      optional({ ...varchar('name', 100), ...text }),
      optional({ ...varchar('userAgent', 512), ...text }),
      optional({ ...varchar('ip', 45), ...text }),
      bigint('createdAt'),
      bigint('lastActiveAt'),
      bigint('expiresAt'),
      optional(bigint('endedAt')),
      optional({ ...varchar('endReason', 32), ...id }),
      bigint('purgeAt'),
    ],
    indices: [
      { name: 'sessions_by_user', columnNames: ['userId'] },
      { name: 'sessions_due_for_purge', columnNames: ['purgeAt'] },
    ],
  });
}

function cutoffs({ text }: Collations): Table {
  return new Table({
    name: 'session_cutoffs',
    columns: [
      { ...varchar('userId', 255), ...text, isPrimary: true },
      bigint('ticket'),
      optional(bigint('validTokenFrom')),
    ],
  });
}

function tickets(): Table {
  return new Table({
    name: 'session_tickets',
    columns: [{ name: 'id', type: 'integer', isPrimary: true }, bigint('latest')],
  });
}
