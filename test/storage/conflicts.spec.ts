import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSourceOptions } from 'typeorm';
import type { OpenedDatabase } from '../../src/storage/sql/opened-database.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';

const LOCK = 'UPDATE "session_tickets" SET "latest" = "latest" + 1 WHERE "id" = ?';

const SERVERS = DATABASES.filter((kind) => kind !== 'sqlite');

describe.each(SERVERS)('transactions that conflict on %s', (kind) => {
  let database: TestDatabase;
  let opened: OpenedDatabase;

  beforeAll(async () => {
    database = await createDatabase(kind);
    opened = await openDatabase({ database: database.options, migrate: true, timeout: 10_000 });
    await opened.database.run('INSERT INTO "session_tickets" ("id", "latest") VALUES (?, 0)', [2]);
  });
  afterAll(async () => {
    await opened.close();
    await database.drop();
  });

  it('are run again after a deadlock, until both have happened', async () => {
    const runs = { first: 0, second: 0 };
    const together = meeting(2);
    const lockBoth = (name: 'first' | 'second', from: number, to: number) =>
      opened.database.transaction(async (executor) => {
        runs[name] += 1;
        await executor.run(LOCK, [from]);
        // Only the first runs meet: each then holds what the other wants.
        if (runs[name] === 1) await together();
        await executor.run(LOCK, [to]);
      });
    await Promise.all([lockBoth('first', 1, 2), lockBoth('second', 2, 1)]);
    // A busy machine may have them meet once more.
    expect(runs.first + runs.second).toBeGreaterThanOrEqual(3);
    const rows = await opened.database.rows('SELECT "latest" FROM "session_tickets" ORDER BY "id"', []);
    expect(rows.map(({ latest }) => Number(latest))).toEqual([2, 2]);
  });

  it('give up after a bounded number of runs', async () => {
    let runs = 0;
    const state = kind === 'postgres' ? { code: '40001' } : { errno: 1213, sqlState: '40001' };
    const failing = opened.database.transaction(async () => {
      runs += 1;
      throw Object.assign(new Error('could not serialize access'), state);
    });
    await expect(failing).rejects.toThrow('could not serialize access');
    expect(runs).toBe(5);
  });

  it('leave nothing behind when they fail', async () => {
    const failing = opened.database.transaction(async (executor) => {
      await executor.run('INSERT INTO "session_tickets" ("id", "latest") VALUES (?, 0)', [3]);
      await executor.run('INSERT INTO "session_tickets" ("id", "latest") VALUES (?, 0)', [3]);
    });
    await expect(failing).rejects.toThrow();
    expect(await opened.database.rows('SELECT "id" FROM "session_tickets" WHERE "id" = 3', [])).toEqual([]);
  });
});

describe.each(SERVERS)('a pool of one connection on %s', (kind) => {
  it('is migrated and used all the same', async () => {
    const { options, drop } = await createDatabase(kind);
    const database = { ...options, poolSize: 1 } as DataSourceOptions;
    const opened = await openDatabase({ database, migrate: true, timeout: 10_000 });
    expect(await opened.database.rows('SELECT "latest" FROM "session_tickets"', [])).toHaveLength(1);
    await opened.close();
    await drop();
  });
});

/** Resolves for everybody once so many have come. */
function meeting(count: number): () => Promise<void> {
  let arrived = 0;
  let open: () => void = () => {};
  const all = new Promise<void>((done) => {
    open = done;
  });
  return () => {
    arrived += 1;
    if (arrived === count) open();
    return all;
  };
}
