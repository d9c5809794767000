import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { OpenedDatabase } from '../../src/storage/sql/opened-database.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';
import { Onlooker } from '../support/server-state.js';

const TIMEOUT = 2_000;
const LIMITS = {
  postgres:
    `SELECT current_setting('statement_timeout') AS "statement", current_setting('lock_timeout') AS "lock", ` +
    `current_setting('idle_in_transaction_session_timeout') AS "idle"`,
  mysql:
    'SELECT @@SESSION.max_statement_time AS "statement", @@SESSION.lock_wait_timeout AS "lock", ' +
    '@@SESSION.innodb_lock_wait_timeout AS "row", @@SESSION.idle_transaction_timeout AS "idle"',
};
const OURS = {
  postgres: { statement: '1500ms', lock: '1250ms', idle: '1s' },
  mysql: { statement: '1.5', lock: '1', row: '1', idle: '1' },
};

const CHANGE = 'UPDATE "session_tickets" SET "latest" = "latest" + 1 WHERE "id" = ?';

const SERVERS = DATABASES.filter((kind) => kind !== 'sqlite');

describe.each(SERVERS)('a connection to %s', (kind) => {
  let database: TestDatabase;
  let ofApp: DataSource;
  let ours: OpenedDatabase;
  let shared: OpenedDatabase;

  beforeAll(async () => {
    database = await createDatabase(kind);
    ours = await openDatabase({ database: database.options, migrate: true, timeout: TIMEOUT });
    ofApp = await new DataSource({ ...database.options, poolSize: 1 } as DataSourceOptions).initialize();
    shared = await openDatabase({ database: ofApp, migrate: false, timeout: TIMEOUT });
  }, 60_000);
  afterAll(async () => {
    await ours.close();
    await ofApp.destroy();
    await database.drop();
  });

  const text = (rows: readonly object[]) =>
    Object.fromEntries(Object.entries(rows[0] ?? {}).map(([name, value]) => [name, String(value)]));

  it('that is ours alone has our limits for good', async () => {
    expect(text(await ours.database.rows(LIMITS[kind], []))).toEqual(OURS[kind]);
  });

  it('of the app has them within our transactions alone', async () => {
    const own = await shared.database.rows(LIMITS[kind], []);
    expect(text(own)).not.toEqual(OURS[kind]);
    const within = await shared.database.transaction((executor) => executor.rows(LIMITS[kind], []));
    expect(text(within)).toEqual(OURS[kind]);
    expect(await shared.database.rows(LIMITS[kind], [])).toEqual(own);
  });

  it('of the app has them no more after a transaction that failed', async () => {
    const own = await shared.database.rows(LIMITS[kind], []);
    const failing = shared.database.transaction((executor) => executor.run('UPDATE "nowhere" SET "a" = ?', [1]));
    await expect(failing).rejects.toThrow(/nowhere/);
    expect(await shared.database.rows(LIMITS[kind], [])).toEqual(own);
  });

  it('that is lost within a transaction is followed by another, which begins anew', async () => {
    const onlooker = await Onlooker.of(database);
    let tries = 0;
    const work = ours.database.transaction(async (executor) => {
      tries += 1;
      if (tries === 1) await onlooker.close(executor);
      return executor.run(CHANGE, [1]);
    });
    expect([await work, tries]).toEqual([1, 2]);
    await onlooker.leave();
  });

  it('is tried once where the work itself fails, and not the server', async () => {
    let tries = 0;
    const work = ours.database.transaction(async (executor) => {
      tries += 1;
      await executor.run(CHANGE, [1]);
      throw new TypeError('no such column in the answer');
    });
    await expect(work).rejects.toThrow('no such column in the answer');
    expect(tries).toBe(1);
  });

  it('that is lost when it is to commit is not, since nobody knows whether it did', async () => {
    const onlooker = await Onlooker.of(database);
    let tries = 0;
    const work = ours.database.transaction(async (executor) => {
      tries += 1;
      await executor.run(CHANGE, [1]);
      await onlooker.close(executor);
    });
    await expect(work).rejects.toThrow(/connection|socket|ECONNRESET|EPIPE/i);
    expect(tries).toBe(1);
    await onlooker.leave();
  });
});

describe.each(DATABASES.filter((kind) => kind === 'postgres'))(
  'a PostgreSQL database that does not wait for its disk',
  () => {
    const WAITS = `UPDATE "session_tickets" SET "latest" = "latest" WHERE "id" = ? AND current_setting('synchronous_commit') = 'on'`;

    it.each([
      ['ours alone', false],
      ['of the app', true],
    ])('waits for what is changed on a connection that is %s', async (_, isOfApp) => {
      const database = await createDatabase('postgres');
      await (await openDatabase({ database: database.options, migrate: true, timeout: TIMEOUT })).close();
      const onlooker = await Onlooker.of(database);
      await onlooker.query(`ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET synchronous_commit = off`);
      const ofApp = isOfApp ? await new DataSource(database.options).initialize() : undefined;
      const opened = await openDatabase({ database: ofApp ?? database.options, migrate: false, timeout: TIMEOUT });
      expect(await opened.database.run(WAITS, [1])).toBe(1);
      expect(await opened.database.transaction((executor) => executor.run(WAITS, [1]))).toBe(1);
      await opened.close();
      await ofApp?.destroy();
      await onlooker.leave();
      await database.drop();
    });
  },
);
