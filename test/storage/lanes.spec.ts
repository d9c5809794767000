import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSourceOptions } from 'typeorm';
import type { OpenedDatabase } from '../../src/storage/sql/opened-database.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import { NO_LIMITS, NOW, sessionOf, someone } from '../../src/testing/session-store/session-fixtures.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';

const POOL = 4;

describe.each(DATABASES.filter((kind) => kind !== 'sqlite'))('a crowd of sign-ins on %s', (kind) => {
  let database: TestDatabase;
  let opened: OpenedDatabase;
  let store: SqlSessionStore;

  beforeAll(async () => {
    database = await createDatabase(kind);
    const options = { ...database.options, poolSize: POOL } as DataSourceOptions;
    opened = await openDatabase({ database: options, migrate: true, timeout: 10_000 });
    store = new SqlSessionStore(opened.database);
  });
  afterAll(async () => {
    await opened.close();
    await database.drop();
  });

  it('leaves connections for checks and sign-outs, though each of it waits for ever', async () => {
    const session = sessionOf(someone());
    await store.open(session, NO_LIMITS);
    let through = () => {};
    const gate = new Promise<void>((done) => {
      through = done;
    });
    const crowd = Array.from({ length: 100 }, () =>
      opened.database.bulk.transaction(async (executor) => {
        await executor.rows('SELECT 1 AS one', []);
        await gate;
      }),
    );
    expect(await store.check(session)).toMatchObject({ refTokID: session.refTokID });
    const ending = { reason: 'revoked', at: NOW, idleBefore: 0 } as const;
    expect(await store.end(session, ending)).toBe('ended');
    expect(await store.cutOff({ ...ending, userId: session.userId })).toMatchObject({ ended: 0 });
    through();
    await Promise.all(crowd);
  });
});

describe('a crowd of sign-ins on SQLite', () => {
  it('lets a check in between, after one of them and not after all', async () => {
    const database = await createDatabase('sqlite');
    const opened = await openDatabase({ database: database.options, migrate: true, timeout: 10_000 });
    const store = new SqlSessionStore(opened.database);
    const session = sessionOf(someone());
    await store.open(session, NO_LIMITS);
    let stored = 0;
    const crowd = Array.from({ length: 50 }, async () => {
      await store.open(sessionOf(someone()), NO_LIMITS);
      stored += 1;
    });
    await new Promise((done) => setImmediate(done));
    expect(await store.check(session)).toMatchObject({ refTokID: session.refTokID });
    expect(stored).toBeLessThan(10);
    await Promise.all(crowd);
    await opened.close();
    await database.drop();
  });
});
