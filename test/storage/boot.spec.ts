import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { PlatformTools } from 'typeorm/platform/PlatformTools.js';
import { ConfigurationError } from '../../src/errors.js';
import { ownMigrations, sessionMigrations } from '../../src/storage/typeorm/migrate.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';
import { Onlooker } from '../support/server-state.js';

const SERVERS = DATABASES.filter((kind) => kind !== 'sqlite');

describe.each(['postgres', 'mysql'] as const)('the boot on a %s', (type) => {
  const sockets: Socket[] = [];
  let silent: Server;
  beforeEach(async () => {
    silent = createServer((socket) => sockets.push(socket));
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await new Promise((done) => silent.close(done));
  });

  const refusalAt = (port: number) =>
    openDatabase({ database: { type, url: `${type}://one@127.0.0.1:${port}/none` }, migrate: undefined, timeout: 300 });

  it('that accepts and says nothing ends with a sentence', async () => {
    const { port } = silent.address() as { port: number };
    const refusal = await refusalAt(port).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ConfigurationError);
    expect((refusal as Error).message).toMatch(
      /option `database`: it cannot be reached \(.*time.?out.*\)\. Check its/i,
    );
  });

  it('that is not there ends with a sentence', async () => {
    const refusal = await refusalAt(1).catch((error: unknown) => error);
    expect((refusal as Error).message).toMatch(/option `database`: it cannot be reached \(.*ECONNREFUSED.*\)\. Check/);
  });
});

describe.each([
  ['postgres', 'pg'],
  ['mysql', 'mysql2'],
  ['better-sqlite3', 'better-sqlite3'],
] as const)('a database of the type %s whose driver is not installed', (type, driver) => {
  it('is refused with what to install, and the option', async () => {
    const load = vi.spyOn(PlatformTools, 'load').mockImplementation((name) => {
      throw new Error(`Cannot find package '${name}'`);
    });
    const options = { type, url: `${type}://one@127.0.0.1:1/none`, database: 'none' } as DataSourceOptions;
    const refusal = await openDatabase({ database: options, migrate: true, timeout: 300 }).catch(String);
    expect(refusal).toMatch(new RegExp(`option \`database\`: TypeORM cannot load what opens '${type}' \\(.*${driver}`));
    expect(refusal).toContain('Install the driver next to `typeorm`');
    load.mockRestore();
  });
});

describe.each(SERVERS)('a migration on %s', (kind) => {
  let database: TestDatabase;
  let onlooker: Onlooker;
  beforeEach(async () => {
    database = await createDatabase(kind);
    onlooker = await Onlooker.of(database);
  });
  afterEach(async () => {
    await onlooker.leave();
    await database.drop();
  });

  const options = () => ({ ...database.options, ...ownMigrations }) as DataSourceOptions;
  const open = () => openDatabase({ database: database.options, migrate: true, timeout: 10_000 });

  it('that waits for a long reader lets everybody else by, and is made when the reader is through', async () => {
    await migrateTo(options(), 1);
    const reader = await Onlooker.of(database);
    await reader.query('BEGIN');
    await reader.query('SELECT COUNT(*) FROM session_cutoffs');
    const migrating = open();
    // Whoever comes after the migration waits for it, for as long as it waits itself.
    for (let count = 0; count < 20; count++) {
      await onlooker.query(kind === 'postgres' ? "SET lock_timeout = '2s'" : 'SET SESSION lock_wait_timeout = 3');
      await onlooker.query('UPDATE session_cutoffs SET ticket = ticket WHERE ticket < 0');
      await new Promise((done) => setTimeout(done, 50));
    }
    await reader.query('COMMIT');
    await reader.leave();
    await (await migrating).close();
  });

  it('is made once, by one of many processes that start at once', async () => {
    const opened = await Promise.all(Array.from({ length: 4 }, open));
    for (const one of opened) await one.close();
    const done = await onlooker.query<{ name: string }>('SELECT name FROM session_registry_migrations');
    expect(new Set(done.map(({ name }) => name)).size).toBe(done.length);
    expect(done).toHaveLength(sessionMigrations.length);
  });
});

/** The tables as the first so many migrations made them. */
async function migrateTo(options: DataSourceOptions, count: number): Promise<void> {
  const migrations = sessionMigrations.slice(0, count);
  const dataSource = await new DataSource({ ...options, migrations } as DataSourceOptions).initialize();
  await dataSource.runMigrations();
  await dataSource.destroy();
}
