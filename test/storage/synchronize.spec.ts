import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionEntities } from 'nestjs-session-registry';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { NO_LIMITS, sessionOf, someone } from '../../src/testing/session-store/session-fixtures.js';
import { createDatabase, DATABASES, type DatabaseKind, type TestDatabase } from '../support/databases.js';

const PROCESSES = 4;

describe.each(DATABASES)('tables that TypeORM made by `synchronize` on %s', (kind) => {
  let at: TestDatabase;

  beforeAll(async () => {
    at = await createSynchronized(kind);
  });
  afterAll(() => at.drop());

  const open = (migrate: boolean) => openDatabase({ database: at.options, migrate, timeout: 10_000 });

  it('get the rows that have to be there, by whichever of several processes boots first', async () => {
    const opened = await Promise.all(Array.from({ length: PROCESSES }, () => open(false)));
    for (const { database, close } of opened) {
      const store = new SqlSessionStore(database);
      expect(await store.open(sessionOf(someone()), NO_LIMITS)).toMatchObject({ opened: true });
      expect(await database.rows('SELECT "ticket" FROM "session_cutoffs" WHERE "userId" = ?', [''])).toHaveLength(1);
      expect(await database.rows('SELECT "edition" FROM "session_copies"', [])).toHaveLength(1);
      expect(await database.rows('SELECT "latest" FROM "session_tickets"', [])).toHaveLength(1);
      await close();
    }
  });

  it('tell the ids of two users apart that differ in a letter, or in a space at the end', async () => {
    const { database, close } = await open(false);
    const store = new SqlSessionStore(database);
    const lower = sessionOf('ada');
    await store.open(lower, NO_LIMITS);
    for (const userId of ['Ada', 'ada ', 'àda']) expect(await store.find({ ...lower, userId })).toBeUndefined();
    expect(await store.find(lower)).toMatchObject({ userId: 'ada' });
    await close();
  });

  it('stay as they are when the app synchronizes again', async () => {
    await synchronize(at);
    const { database, close } = await open(false);
    expect(await database.rows('SELECT "guid" FROM "sessions" WHERE "userId" = ?', ['ada'])).toHaveLength(1);
    await close();
  });

  it('are migrated as those that a migration made', async () => {
    const { database, close } = await open(true);
    expect(await new SqlSessionStore(database).currentTicket()).toBe(0);
    await close();
  });
});

describe.each(DATABASES.filter((kind) => kind === 'mysql'))('loose texts in tables with sessions on %s', (kind) => {
  it('are refused with the statements to run, which mend it', async () => {
    const at = await createSynchronized(kind);
    const dataSource = await new DataSource(at.options).initialize();
    const opened = await openDatabase({ database: at.options, migrate: false, timeout: 10_000 });
    await new SqlSessionStore(opened.database).open(sessionOf(someone()), NO_LIMITS);
    await opened.close();
    await dataSource.query('ALTER TABLE sessions CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci');

    const open = () => openDatabase({ database: at.options, migrate: false, timeout: 10_000 });
    const refusal = await open().catch((error: unknown) => String(error));
    expect(refusal).toContain('takes the ids of different users for the same');
    const [, statement = ''] = /Run: (.*?)\.?$/.exec(refusal as string) ?? [];
    expect(statement).toMatch(/^ALTER TABLE `sessions` CONVERT TO CHARACTER SET utf8mb4 COLLATE \S+_bin$/);
    await dataSource.query(statement);
    await (await open()).close();
    await dataSource.destroy();
    await at.drop();
  });
});

async function createSynchronized(kind: DatabaseKind): Promise<TestDatabase> {
  const at = await createDatabase(kind);
  await synchronize(at);
  return at;
}

async function synchronize({ options }: TestDatabase): Promise<void> {
  const synchronized = { ...options, entities: sessionEntities, synchronize: true } as DataSourceOptions;
  await (await new DataSource(synchronized).initialize()).destroy();
}
