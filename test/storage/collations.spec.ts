import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { ownMigrations, sessionMigrations } from '../../src/storage/typeorm/migrate.js';
import { compareEveryBlank } from '../../src/storage/sql/migrations/1764400000000-compare-every-blank.js';
import { runStatements } from '../../src/storage/sql/migrations/migrations.js';
import { PooledDatabase } from '../../src/storage/connections/pooled.database.js';
import { flavourOf } from '../../src/storage/typeorm/typeorm-migration.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import { endedAs, NO_LIMITS, NOW, sessionOf, someone } from '../../src/testing/session-store/session-fixtures.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';

const OURS = `SELECT CONCAT(TABLE_NAME, '.', COLUMN_NAME) AS name, COLLATION_NAME AS collation
  FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND COLLATION_NAME IS NOT NULL
  AND TABLE_NAME <> 'session_registry_migrations'`;
const INDEXES = `SELECT CONCAT(TABLE_NAME, '.', INDEX_NAME, '.', COLUMN_NAME, '.', NON_UNIQUE) AS name
  FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() ORDER BY name`;
const NULLABLE = `SELECT CONCAT(TABLE_NAME, '.', COLUMN_NAME, ' ', COLUMN_TYPE, ' ', IS_NULLABLE) AS name
  FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY name`;
/** MariaDB and MySQL name what does not pad differently. */
const NO_PAD = /nopad|_0900_/;

const servers = DATABASES.filter((kind) => kind === 'mysql');

describe.each(servers)('the collations on %s', (kind) => {
  let at: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    at = await createDatabase(kind);
    const opened = await openDatabase({ database: at.options, migrate: true, timeout: 10_000 });
    await opened.close();
    dataSource = await new DataSource({ ...at.options, ...ownMigrations } as DataSourceOptions).initialize();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await at.drop();
  });

  const names = async (query: string) =>
    ((await dataSource.query(query)) as { name: string }[]).map(({ name }) => name);
  const padding = async () => {
    const columns = (await dataSource.query(OURS)) as { name: string; collation: string }[];
    return columns.filter(({ collation }) => !NO_PAD.test(collation)).map(({ name }) => name);
  };

  it('leave no column of the registry that takes a blank at the end for nothing', async () => {
    expect((await names(OURS)).length).toBeGreaterThanOrEqual(12);
    expect(await padding()).toEqual([]);
  });

  it('are changed and changed back with every row, key and index in its place', async () => {
    const opened = await openDatabase({ database: at.options, migrate: false, timeout: 10_000 });
    const store = new SqlSessionStore(opened.database);
    expect(opened.database).toBeInstanceOf(PooledDatabase);
    const session = sessionOf(someone());
    await store.open(session, NO_LIMITS);
    await store.end(session, { reason: 'signed_out', at: NOW, idleBefore: 0 });
    const [indexes, columns] = [await names(INDEXES), await names(NULLABLE)];
    const runner = dataSource.createQueryRunner();
    const query = (statement: string) => runner.query(statement);
    const flavour = await flavourOf(runner);
    await runStatements(compareEveryBlank.down(flavour), query);
    expect(await padding()).toEqual(expect.arrayContaining(['sessions.guid', 'session_copies.edition']));
    await runStatements(compareEveryBlank.up(flavour), query);
    await runner.release();
    expect(await padding()).toEqual([]);
    expect([await names(INDEXES), await names(NULLABLE)]).toEqual([indexes, columns]);
    expect(await store.find(session)).toEqual(endedAs(session, 'signed_out'));
    await opened.close();
  });
});

it('are one of the migrations an app runs itself', () => {
  expect(sessionMigrations.map((Migration) => new Migration().name)).toContain(compareEveryBlank.name);
});
