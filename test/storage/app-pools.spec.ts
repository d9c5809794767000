import { describe, expect, it } from 'vitest';
import { NestFactory } from '@nestjs/core';
import Database from 'better-sqlite3';
import mysql from 'mysql2';
import mysqlPromises from 'mysql2/promise';
import { AuthModule, AuthService, type DriverPool } from 'nestjs-session-registry';
import { Pool } from 'pg';
import type { DataSourceOptions } from 'typeorm';
import type { AppPool } from '../../src/storage/pools/app-pool.js';
import { openPool } from '../../src/storage/pools/open-pool.js';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { describeSameStore } from '../contracts/session-store.contract.js';
import { SECRET } from '../support/app.js';
import { createDatabase, type DatabaseKind } from '../support/databases.js';

/** A pool as an app makes it, and how the app ends it. */
interface Made {
  readonly pool: DriverPool;
  end(): unknown;
}

const urlOf = (options: DataSourceOptions) => String((options as { url?: string }).url);

const MAKERS: Readonly<Record<string, { kind: DatabaseKind; make: (options: DataSourceOptions) => Made }>> = {
  'a Pool of pg': {
    kind: 'postgres',
    make: (options) => {
      const pool = new Pool({ connectionString: urlOf(options) });
      return { pool, end: () => pool.end() };
    },
  },
  'a pool of mysql2': {
    kind: 'mysql',
    make: (options) => {
      const pool = mysql.createPool(urlOf(options));
      return { pool, end: () => new Promise((done) => pool.end(done)) };
    },
  },
  'a pool of mysql2/promise': {
    kind: 'mysql',
    make: (options) => {
      const pool = mysqlPromises.createPool(urlOf(options));
      return { pool, end: () => pool.end() };
    },
  },
  'a Database of better-sqlite3': {
    kind: 'sqlite',
    make: ({ database }) => {
      const pool = new Database(String(database));
      return { pool, end: () => pool.close() };
    },
  },
};

describe('a Pool of pg whose idle connections the server ends', () => {
  it('does not end the process while the module runs, and has a new connection', async () => {
    const { options, drop } = await createDatabase('postgres');
    const pool = new Pool({ connectionString: urlOf(options) });
    const { database, close } = await openPool({ pool: pool as unknown as AppPool, migrate: true, timeout: 10_000 });
    const store = new SqlSessionStore(database);
    await store.currentTicket();
    const ended = new Promise((done) => pool.once('remove', done));
    const outside = new Pool({ connectionString: urlOf(options), max: 1 });
    const others = 'datname = current_database() AND pid <> pg_backend_pid()';
    await outside.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${others}`);
    await ended;
    expect(await store.currentTicket()).toBe(0);
    await close();
    expect(pool.listenerCount('error')).toBe(0);
    await outside.end();
    await pool.end();
    await drop();
  });
});

describe.each(Object.entries(MAKERS))('%s', (_, { kind, make }) => {
  it('keeps the sessions of an app, is migrated, and stays open and as it was', async () => {
    const { options, drop } = await createDatabase(kind);
    const { pool, end } = make(options);
    const lines: unknown[] = [];
    const logger = { log: (line: unknown) => void lines.push(line), warn: () => {}, error: () => {} };
    const auth = AuthModule.forRoot({ secret: SECRET, database: pool });
    const app = await NestFactory.createApplicationContext(auth, { logger, abortOnError: false });
    const { access_token, session } = await app.get(AuthService).login('ada');
    expect(await app.get(AuthService).authenticate(access_token)).toMatchObject({ userId: 'ada' });
    expect(lines.find((line) => String(line).startsWith('Sessions are kept in'))).toContain('over the pool of the app');
    await app.close();
    const again = await NestFactory.createApplicationContext(AuthModule.forRoot({ secret: SECRET, database: pool }), {
      logger: false,
      abortOnError: false,
    });
    expect(await again.get(AuthService).authenticate(access_token)).toMatchObject({ guid: session.guid });
    await again.close();
    await end();
    await drop();
  });

  it('goes on where TypeORM stopped, and the other way', async () => {
    const { options, drop } = await createDatabase(kind);
    const first = await openDatabase({ database: options, migrate: true, timeout: 10_000 });
    await first.close();
    const { pool, end } = make(options);
    const second = await openPool({ pool: pool as unknown as AppPool, migrate: true, timeout: 10_000 });
    const [row] = await second.database.rows('SELECT COUNT(*) AS "found" FROM "session_registry_migrations"', []);
    expect(Number(row?.found)).toBe(7);
    await second.close();
    const third = await openDatabase({ database: options, migrate: true, timeout: 10_000 });
    await third.close();
    await end();
    await drop();
  });

  it('is asked for nothing but the tables where it is not to be migrated', async () => {
    const { options, drop } = await createDatabase(kind);
    const { pool, end } = make(options);
    const refusal = await openPool({ pool: pool as unknown as AppPool, migrate: false, timeout: 10_000 }).catch(String);
    expect(refusal).toContain('it has no tables of the session registry');
    await end();
    await drop();
  });
});

describe('a DatabaseSync of a Node before 22.16', () => {
  it('is refused with the version that it needs', async () => {
    const pool = { prepare: () => {}, exec: () => {}, open: () => {} } as unknown as AppPool;
    const refusal = await openPool({ pool, migrate: true, timeout: 10_000 }).catch(String);
    expect(refusal).toContain('option `database`: it is a DatabaseSync of Node');
    expect(refusal).toContain('Use Node 22.16 or later, or `better-sqlite3`');
  });
});

for (const [name, { kind, make }] of Object.entries(MAKERS)) {
  // The same code as the other pool of mysql2 by then.
  if (name === 'a pool of mysql2/promise') continue;
  describeSameStore(`over ${name}`, async () => {
    const { options, drop } = await createDatabase(kind);
    const { pool, end } = make(options);
    const opened = await openPool({ pool: pool as unknown as AppPool, migrate: true, timeout: 10_000 });
    const close = async () => {
      await opened.close();
      await end();
      await drop();
    };
    return { store: new SqlSessionStore(opened.database), close };
  });
}
