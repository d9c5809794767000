import { describe, expect, it } from 'vitest';
import Database from 'better-sqlite3';
import mysql from 'mysql2/promise';
import { type DriverPool, type SchemaSqlOptions, sessionMigrations, sessionSchemaSql } from 'nestjs-session-registry';
import { Pool } from 'pg';
import type { DataSourceOptions } from 'typeorm';
import type { AppPool } from '../../src/storage/pools/app-pool.js';
import { openPool } from '../../src/storage/pools/open-pool.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { createDatabase, type DatabaseKind, DATABASES } from '../support/databases.js';

/** A driver that runs a file of SQL as it is, without this library. */
interface Plain {
  readonly pool: DriverPool;
  script(text: string): unknown;
  end(): unknown;
}

const TYPES = { postgres: 'postgres', mysql: 'mariadb', sqlite: 'sqlite' } as const;

const PLAIN: Readonly<Record<DatabaseKind, (options: DataSourceOptions) => Plain>> = {
  postgres: (options) => {
    const pool = new Pool({ connectionString: urlOf(options) });
    return { pool, script: (text) => pool.query(text), end: () => pool.end() };
  },
  mysql: (options) => {
    const pool = mysql.createPool({ uri: urlOf(options), multipleStatements: true });
    return { pool, script: (text) => pool.query(text), end: () => pool.end() };
  },
  sqlite: ({ database }) => {
    const pool = new Database(String(database));
    return { pool, script: (text) => pool.exec(text), end: () => pool.close() };
  },
};

const urlOf = (options: DataSourceOptions) => String((options as { url?: string }).url);
const printed = (options: SchemaSqlOptions) => sessionSchemaSql(options).join(';\n');
const NAMES = sessionMigrations.map((migration) => String(new migration().name));

describe.each(DATABASES)('the printed schema on %s', (kind) => {
  const type = TYPES[kind];

  it.each([[0], [3]])('leaves nothing to migrate, when printed in parts after %i migrations', async (first) => {
    const { options, drop } = await createDatabase(kind);
    const { pool, script, end } = PLAIN[kind](options);
    const last = NAMES[first - 1];
    if (last !== undefined) await script(printedUpTo(type, last));
    await script(printed(last === undefined ? { type } : { type, since: last }));
    const opened = await openPool({ pool: pool as unknown as AppPool, migrate: false, timeout: 10_000 });
    const rows = () => opened.database.rows('SELECT "name", "id" FROM "session_registry_migrations" ORDER BY "id"', []);
    const before = await rows();
    expect(before.map(({ name }) => name)).toEqual(NAMES);
    await (await openPool({ pool: pool as unknown as AppPool, migrate: true, timeout: 10_000 })).close();
    await (await openDatabase({ database: options, migrate: true, timeout: 10_000 })).close();
    expect(await rows()).toEqual(before);
    await opened.close();
    await end();
    await drop();
  });
});

describe.each(DATABASES)('the printed schema with names of its own on %s', (kind) => {
  it('leaves nothing to migrate under the same names', async () => {
    const { options, drop } = await createDatabase(kind);
    const { pool, script, end } = PLAIN[kind](options);
    // On MySQL a schema is another database.
    const tables = { prefix: 'auth_', ...(kind === 'postgres' && { schema: 'own' }) };
    await script(printed({ type: TYPES[kind], tables }));
    const opened = await openPool({ pool: pool as unknown as AppPool, migrate: false, timeout: 10_000, tables });
    const [row] = await opened.database.rows('SELECT COUNT(*) AS "count" FROM "@session_registry_migrations"', []);
    expect(Number(row?.count)).toBe(NAMES.length);
    await (await openPool({ pool: pool as unknown as AppPool, migrate: true, timeout: 10_000, tables })).close();
    await opened.close();
    await end();
    await drop();
  });
});

/** What somebody printed when the library had no later migration than `last`. */
function printedUpTo(type: SchemaSqlOptions['type'], last: string): string {
  const later = sessionSchemaSql({ type, since: last });
  const all = sessionSchemaSql({ type });
  return all.slice(0, all.length - (later.length - 1)).join(';\n');
}

describe('sessionSchemaSql', () => {
  it('refuses names that are none', () => {
    const print = () => sessionSchemaSql({ type: 'postgres', tables: { prefix: 'a-b' } });
    expect(print).toThrow("option `tables.prefix`: 'a-b' is not a valid name");
  });

  it('refuses a schema for SQLite, as AuthModule does', () => {
    const print = () => sessionSchemaSql({ type: 'sqlite', tables: { schema: 'own' } });
    expect(print).toThrow('option `tables.schema`: SQLite has no schemas');
  });

  it('gives nothing but the record after the last migration', () => {
    const since = String(NAMES.at(-1));
    expect(sessionSchemaSql({ type: 'postgres', since })).toEqual([
      expect.stringContaining('CREATE TABLE IF NOT EXISTS'),
    ]);
  });

  it('gives MySQL its own collations', () => {
    expect(printed({ type: 'mysql' })).toContain('utf8mb4_0900_bin');
    expect(printed({ type: 'mariadb' })).not.toContain('utf8mb4_0900_bin');
  });

  it('names what it does not know', () => {
    const wrong = { type: 'oracle' } as unknown as SchemaSqlOptions;
    expect(() => sessionSchemaSql(wrong)).toThrow("the type 'oracle' is not known. Use one of 'postgres', 'mysql'");
    expect(() => sessionSchemaSql({ type: 'sqlite', since: 'Nothing1' })).toThrow(
      "the migration 'Nothing1' is not known. Use one of 'CreateSessions1764000000000'",
    );
  });
});
