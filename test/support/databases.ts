import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource, type DataSourceOptions } from 'typeorm';

/** The kinds of database every rule is held on. `TEST_FAST` leaves out those that need a server. */
export type DatabaseKind = 'sqlite' | 'postgres' | 'mysql';
export const DATABASES: readonly DatabaseKind[] = process.env.TEST_FAST ? ['sqlite'] : ['sqlite', 'postgres', 'mysql'];

/** An empty database of a test's own. */
export interface TestDatabase {
  kind: DatabaseKind;
  /** As `DATABASE_URL` names it. */
  url: string;
  options: DataSourceOptions;
  drop(): Promise<void>;
}

/** Makes an empty database; `drop` it when the test is through. */
export function createDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  return kind === 'sqlite' ? createFile() : createOnServer(kind);
}

async function createFile(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'sessions-'));
  const file = join(folder, 'sessions.sqlite');
  const drop = async () => rmSync(folder, { recursive: true, force: true });
  const options: DataSourceOptions = { type: 'better-sqlite3', database: file, enableWAL: true };
  return { kind: 'sqlite', url: `sqlite:${file}`, options, drop };
}

async function createOnServer(type: 'postgres' | 'mysql'): Promise<TestDatabase> {
  const server = process.env[type === 'postgres' ? 'TEST_POSTGRES_URL' : 'TEST_MYSQL_URL'];
  if (server === undefined) throw new Error(`there is no server for ${type}; run the tests through npm test`);
  const name = `sessions_${randomUUID().replaceAll('-', '')}`;
  await execute(type, server, `CREATE DATABASE ${name}`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const force = type === 'postgres' ? ' WITH (FORCE)' : '';
  const drop = () => execute(type, server, `DROP DATABASE ${name}${force}`);
  return { kind: type, url, options: { type, url }, drop };
}

async function execute(type: 'postgres' | 'mysql', url: string, statement: string): Promise<void> {
  const dataSource = await new DataSource({ type, url }).initialize();
  try {
    await dataSource.query(statement);
  } finally {
    await dataSource.destroy();
  }
}
