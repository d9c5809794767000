import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm';

/** How text is compared: byte by byte everywhere, or two users could be taken for one. */
interface Collations {
  /** For ids made here. */
  readonly id: Partial<TableColumnOptions>;
  /** For what comes from outside. */
  readonly text: Partial<TableColumnOptions>;
}

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

async function collationsOf(runner: QueryRunner): Promise<Collations> {
  const { type } = runner.connection.options;
  if (type !== 'mysql' && type !== 'mariadb') return { id: {}, text: {} };
  const [{ version }] = (await runner.query('SELECT VERSION() AS version')) as [{ version: string }];
  // Collations that do not ignore trailing spaces; MariaDB and MySQL name theirs differently.
  const collation = /mariadb/i.test(version) ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin';
  return { id: { charset: 'ascii', collation: 'ascii_bin' }, text: { charset: 'utf8mb4', collation } };
}

function varchar(name: string, length: number): TableColumnOptions {
  return { name, type: 'varchar', length: String(length) };
}

function bigint(name: string): TableColumnOptions {
  return { name, type: 'bigint' };
}

function optional(column: TableColumnOptions): TableColumnOptions {
  return { ...column, isNullable: true };
}
