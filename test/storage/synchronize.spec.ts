import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionEntities } from 'nestjs-session-registry';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { NO_LIMITS, sessionOf, someone } from '../../src/testing/session-store/session-fixtures.js';
import { createDatabase, DATABASES, type DatabaseKind, type TestDatabase } from '../support/databases.js';

const PROCESSES = 4;
/** On MySQL and MariaDB, TypeORM makes columns that compare texts loosely, which is refused. */
const MADE_LOOSELY = DATABASES.filter((kind) => kind === 'mysql');
const MADE_RIGHT = DATABASES.filter((kind) => kind !== 'mysql');

describe.each(MADE_RIGHT)('tables that TypeORM made by `synchronize` on %s', (kind) => {
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

  it('are migrated as those that a migration made', async () => {
    const { database, close } = await open(true);
    expect(await new SqlSessionStore(database).currentTicket()).toBe(0);
    await close();
  });
});

describe.each(MADE_LOOSELY)('tables that TypeORM made by `synchronize` on %s', (kind) => {
  it('are refused where they take different ids for the same', async () => {
    const at = await createSynchronized(kind);
    const refusal = openDatabase({ database: at.options, migrate: true, timeout: 10_000 });
    await expect(refusal).rejects.toThrow(/its column 'userId' has the collation .*make them by the migrations/);
    await at.drop();
  });
});

async function createSynchronized(kind: DatabaseKind): Promise<TestDatabase> {
  const at = await createDatabase(kind);
  const options = { ...at.options, entities: sessionEntities, synchronize: true } as DataSourceOptions;
  await (await new DataSource(options).initialize()).destroy();
  return at;
}
