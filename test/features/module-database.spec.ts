import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Global, type INestApplication, Module, type ModuleMetadata } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import Database from 'better-sqlite3';
import { AuthModule, sessionEntities, sessionMigrations } from 'nestjs-session-registry';
import { DataSource } from 'typeorm';
import { SECRET, startApp } from '../support/app.js';
import { Client } from '../support/client.js';
import { sessionRows } from '../support/sqlite-file.js';
import { TestUsers } from '../support/users.js';

let folder: string;
let file: string;
let running: INestApplication[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sessions-'));
  file = join(folder, 'app.sqlite');
  running = [];
});

afterEach(async () => {
  for (const nest of running) await nest.close();
  rmSync(folder, { recursive: true, force: true });
});

/** An app made of these parts, listening; it is closed after the test. */
async function run(metadata: ModuleMetadata): Promise<{ nest: INestApplication; client: Client }> {
  const nest = (await Test.createTestingModule(metadata).compile()).createNestApplication({ logger: false });
  running.push(nest);
  await nest.listen(0, '127.0.0.1');
  return { nest, client: new Client(await nest.getUrl()) };
}

/** True when no connection to the database file is open: only then can it leave the WAL mode. */
function isLetGo(name: string): boolean {
  const database = new Database(name, { timeout: 0 });
  try {
    return database.pragma('journal_mode = DELETE', { simple: true }) === 'delete';
  } catch {
    return false;
  } finally {
    database.close();
  }
}

const sqlite = (database: string) => ({ type: 'better-sqlite3', database, enableWAL: true }) as const;

describe('the database', () => {
  it('is the file sessions.sqlite in the working directory by default, and has its tables at once', async () => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      const { client, nest } = await run({ imports: [AuthModule.forRoot({ secret: SECRET, users: TestUsers })] });
      const { session } = await client.signIn();
      expect(sessionRows(join(folder, 'sessions.sqlite'))).toMatchObject([{ guid: session.guid }]);
      await nest.close();
      expect(readdirSync(folder)).toEqual(['sessions.sqlite']);
    } finally {
      process.chdir(before);
    }
  });

  it('keeps its sessions over a restart', async () => {
    const options = { secret: SECRET, users: TestUsers, database: sqlite(file) };
    const first = await run({ imports: [AuthModule.forRoot(options)] });
    const { refresh_token } = await first.client.signIn();
    await first.nest.close();
    const second = await run({ imports: [AuthModule.forRoot(options)] });
    expect((await second.client.refresh(refresh_token)).status).toBe(200);
  });

  it('is the one TypeORM options name, opened and migrated', async () => {
    const { client } = await run({
      imports: [AuthModule.forRoot({ secret: SECRET, users: TestUsers, database: sqlite(file) })],
    });
    const { session } = await client.signIn();
    expect(sessionRows(file)).toMatchObject([{ guid: session.guid }]);
  });

  it('runs no entity, migration or synchronization of the app on the connection it opens', async () => {
    const hostile = { ...sqlite(file), synchronize: true, dropSchema: true, migrationsRun: true };
    const first = await run({ imports: [AuthModule.forRoot({ secret: SECRET, users: TestUsers, database: hostile })] });
    await first.client.signIn();
    await first.nest.close();
    const second = await run({
      imports: [AuthModule.forRoot({ secret: SECRET, users: TestUsers, database: hostile })],
    });
    await second.client.signIn();
    expect(sessionRows(file)).toHaveLength(2);
  });
});

describe('the database behind a DataSource', () => {
  it('is the DataSource that the app provides, if no database is given', async () => {
    const database = await withTables(sqlite(file)).initialize();
    @Global()
    @Module({ providers: [{ provide: DataSource, useValue: database }], exports: [DataSource] })
    class DatabaseModule {}
    const { client } = await run({
      imports: [DatabaseModule, AuthModule.forRoot({ secret: SECRET, users: TestUsers })],
    });
    const { session } = await client.signIn();
    expect(await database.query('SELECT guid FROM sessions')).toEqual([{ guid: session.guid }]);
    await database.destroy();
  });

  it('is the one given, though the app provides a DataSource', async () => {
    const other = await new DataSource(sqlite(':memory:')).initialize();
    @Global()
    @Module({ providers: [{ provide: DataSource, useValue: other }], exports: [DataSource] })
    class DatabaseModule {}
    const auth = AuthModule.forRoot({ secret: SECRET, users: TestUsers, database: sqlite(file) });
    const { client } = await run({ imports: [DatabaseModule, auth] });
    const { session } = await client.signIn();
    expect(sessionRows(file)).toMatchObject([{ guid: session.guid }]);
    await other.destroy();
  });

  it('is reached over a separate connection if a DataSource on a file is given', async () => {
    const database = await withTables(sqlite(file)).initialize();
    const auth = AuthModule.forRoot({ secret: SECRET, users: TestUsers, database });
    const { client } = await run({ imports: [auth] });
    const pair = await client.signIn();
    const runner = database.createQueryRunner();
    await runner.startTransaction();
    expect((await client.list(pair.access_token)).body).toHaveLength(1);
    await client.logout({ token: pair.access_token });
    await runner.rollbackTransaction();
    await runner.release();
    expect(sessionRows(file)).toMatchObject([{ endReason: 'signed_out' }]);
    await database.destroy();
  });

  it('may be a DataSource on a file that is not connected yet', async () => {
    const database = new DataSource(sqlite(file));
    const auth = AuthModule.forRoot({ secret: SECRET, users: TestUsers, database, migrate: true });
    const { client } = await run({ imports: [auth] });
    await client.signIn();
    expect(sessionRows(file)).toHaveLength(1);
    expect(database.isInitialized).toBe(false);
  });

  it('is shared with the given DataSource if that is in memory', async () => {
    const database = await withTables(sqlite(':memory:')).initialize();
    const auth = AuthModule.forRoot({ secret: SECRET, users: TestUsers, database });
    const { client, nest } = await run({ imports: [auth] });
    const { session } = await client.signIn();
    await nest.close();
    expect(await database.query('SELECT guid FROM sessions')).toEqual([{ guid: session.guid }]);
    await database.destroy();
  });

  it('gets its tables with migrate: true, also in a DataSource in memory that knows none of its migrations', async () => {
    const database = await new DataSource(sqlite(':memory:')).initialize();
    const auth = AuthModule.forRoot({ secret: SECRET, users: TestUsers, database, migrate: true });
    try {
      const { client } = await run({ imports: [auth] });
      expect((await client.login('ada')).status).toBe(200);
    } finally {
      await database.destroy();
    }
  });

  function withTables(options: ReturnType<typeof sqlite>): DataSource {
    return new DataSource({
      ...options,
      entities: sessionEntities,
      migrations: sessionMigrations,
      migrationsRun: true,
    });
  }
});

describe('closing the app', () => {
  it('closes the database file it opened, after it wrote what was noted', async () => {
    const app = await startApp({ file });
    const { access_token, session } = await app.client.signIn();
    app.clock.advance(120_000);
    await app.client.profile(access_token);
    expect(isLetGo(file)).toBe(false);
    expect(existsSync(`${file}-wal`)).toBe(true);
    await app.close();
    expect(isLetGo(file)).toBe(true);
    expect(sessionRows(file)).toMatchObject([{ guid: session.guid, lastActiveAt: app.clock.now() }]);
    expect(readdirSync(folder)).toEqual(['app.sqlite']);
  });

  it('closes its connection and leaves the DataSource of the app open', async () => {
    const database = new DataSource({ ...sqlite(file), migrations: sessionMigrations, migrationsRun: true });
    await database.initialize();
    const { nest, client } = await run({
      imports: [AuthModule.forRoot({ secret: SECRET, users: TestUsers, database })],
    });
    await client.signIn();
    await nest.close();
    expect(database.isInitialized).toBe(true);
    expect(await database.query('SELECT count(*) AS n FROM sessions')).toEqual([{ n: 1 }]);
    await database.destroy();
    expect(isLetGo(file)).toBe(true);
  });

  it('closes the file too when it refused to boot', async () => {
    const auth = AuthModule.forRoot({ secret: SECRET, controllers: true, database: sqlite(file) });
    await expect(run({ imports: [auth] })).rejects.toThrow(/`users`: it is missing/);
    for (const nest of running.splice(0)) await nest.close();
    expect(isLetGo(file)).toBe(true);
  });
});
