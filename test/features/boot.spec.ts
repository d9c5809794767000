import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import {
  AuthModule,
  type AuthModuleExtras,
  type AuthModuleOptions,
  ConfigurationError,
  MemorySessionStore,
  sessionMigrations,
} from 'nestjs-session-registry';
import { DataSource } from 'typeorm';
import { SECRET } from '../support/app.js';
import { TestUsers } from '../support/users.js';

type Given = Partial<AuthModuleOptions> & AuthModuleExtras;
/** Options as a program without types may give them. */
const untyped = (options: object) => options as Given;

/** What booting with these options is refused with; undefined where it boots. */
async function refusal(options: Given, database: Given = { store: new MemorySessionStore() }): Promise<unknown> {
  return refusalOf(() => AuthModule.forRoot({ secret: SECRET, ...database, ...options }));
}

async function refusalOf(makeModule: () => DynamicModule): Promise<unknown> {
  try {
    const testing = await Test.createTestingModule({ imports: [makeModule()] }).compile();
    const app = testing.createNestApplication({ logger: false });
    try {
      await app.init();
    } finally {
      await app.close();
    }
  } catch (error) {
    return error;
  }
  return undefined;
}

function expectNamed(error: unknown, option: string, problem: string, mend: string): void {
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(error).toMatchObject({
    name: 'ConfigurationError',
    option,
    message: `AuthModule option \`${option}\`: ${problem}. ${mend}.`,
  });
}

describe('an app refuses to boot', () => {
  it('under NestFactory, which rejects with the ConfigurationError', async () => {
    @Module({ imports: [AuthModule.forRoot({ secret: 'short', store: new MemorySessionStore() })] })
    class AppModule {}
    const booting = NestFactory.create(AppModule, { logger: false, abortOnError: false });
    await expect(booting).rejects.toMatchObject({ name: 'ConfigurationError', option: 'secret' });
  });

  it('over an option of forRootAsync just as over one of forRoot', async () => {
    const error = await refusalOf(() =>
      AuthModule.forRootAsync({
        store: new MemorySessionStore(),
        controllers: false,
        useFactory: () => ({ secret: SECRET, accessTtl: '0s' }),
      }),
    );
    expectNamed(error, 'accessTtl', 'it is zero', 'Give a length of time');
  });

  it('over an unknown option, and lists the known ones', async () => {
    const error = await refusal(untyped({ acessTtl: '5m' }));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({ option: 'acessTtl' });
    expect((error as Error).message).toMatch(
      /^AuthModule option `acessTtl`: there is no such option\. Known options: .*\baccessTtl\b.*\.$/,
    );
  });

  it('over an unknown option of purge', async () => {
    const error = await refusal(untyped({ purge: { evry: '1h' } }));
    expectNamed(error, 'purge.evry', 'there is no such option', 'Known options: every, batch, retention');
  });

  it('over what belongs beside the factory and comes out of it', async () => {
    const useFactory = () => ({ secret: SECRET, prefix: 'api' });
    const error = await refusalOf(() => AuthModule.forRootAsync({ store: new MemorySessionStore(), useFactory }));
    expectNamed(error, 'prefix', 'it is read before the factory is called', 'Give it beside `useFactory`');
  });

  it('over no options at all', async () => {
    const useFactory = () => undefined as unknown as AuthModuleOptions;
    const error = await refusalOf(() => AuthModule.forRootAsync({ store: new MemorySessionStore(), useFactory }));
    expectNamed(error, 'options', 'undefined is not an object', 'Give an object');
  });

  it('over an unknown group of routes', async () => {
    const error = await refusal(untyped({ controllers: ['tokens', 'session'] }));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({ option: 'controllers', message: expect.stringContaining('sessions') });
  });
});

describe('an app refuses to boot on a database', () => {
  it('of a type that is not supported, naming those that are', async () => {
    const error = await refusal({ database: { type: 'oracle' } }, {});
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({ option: 'database' });
    expect((error as Error).message).toMatch(/`database`: 'oracle' is not supported\. Use .*'better-sqlite3'/);
  });

  it('of a DataSource of the app without the tables, and says how to make them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sessions-'));
    try {
      const database = new DataSource({ type: 'better-sqlite3', database: join(folder, 'app.sqlite') });
      expectNamed(
        await refusal({ database }, {}),
        'database',
        'it has no tables of the session registry',
        'Add `sessionMigrations` to the migrations of your DataSource and run them, or set `migrate: true`',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('beside a store, as only one of them can keep the sessions', async () => {
    const database = { type: 'better-sqlite3', database: ':memory:' } as const;
    const error = await refusal({ database, store: new MemorySessionStore() });
    expect(error).toMatchObject({ name: 'ConfigurationError', option: 'database' });
    expect((error as Error).message).toContain('`store`');
  });

  it('beside a column of users, when a store of its own keeps the sessions', async () => {
    const revocation = { column: { table: 'users', id: 'id', name: 'cutoff' } };
    const error = await refusal({ revocation, store: new MemorySessionStore() });
    expect(error).toMatchObject({ name: 'ConfigurationError', option: 'revocation.column' });
    expect((error as Error).message).toContain('in your own `store`');
  });

  it('without the column that is to tell cutoffs', async () => {
    const revocation = { column: { table: 'users', id: 'id', name: 'cutoff' } };
    const error = await refusal({ database: { type: 'better-sqlite3', database: ':memory:' }, revocation }, {});
    expect(error).toMatchObject({ name: 'ConfigurationError', option: 'revocation.column' });
    expect((error as Error).message).toContain('no such table: users');
  });

  it.each([1, 2, 3])('with the tables of an earlier version, which ran the first %i migrations', async (count) => {
    const folder = mkdtempSync(join(tmpdir(), 'sessions-'));
    try {
      const database = { type: 'better-sqlite3', database: join(folder, 'app.sqlite') } as const;
      const migrations = sessionMigrations.slice(0, count);
      const earlier = await new DataSource({ ...database, migrations, migrationsRun: true }).initialize();
      await earlier.destroy();
      expectNamed(
        await refusal({ database, migrate: false }, {}),
        'database',
        'its tables of the session registry are those of an earlier version',
        'Add `sessionMigrations` to the migrations of your DataSource and run them, or set `migrate: true`',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('with migrate: false and no tables', async () => {
    const error = await refusal({ database: { type: 'better-sqlite3', database: ':memory:' }, migrate: false }, {});
    expect(error).toMatchObject({ name: 'ConfigurationError', option: 'database' });
  });

  it('of a DataSource in memory that was not connected, and says so', async () => {
    const database = new DataSource({ type: 'better-sqlite3', database: ':memory:' });
    expect(await refusal({ database }, {})).toMatchObject({ name: 'ConfigurationError', option: 'database' });
  });
});

describe('an app boots', () => {
  it.each<[string, Given]>([
    ['with a secret of 32 bytes', { secret: 'q7Tz0mVb4KxR9dLw2HsYc6NpE1uJgA8f' }],
    ['with a secret in a Buffer', { secret: Buffer.from('q7Tz0mVb4KxR9dLw2HsYc6NpE1uJgA8f') }],
    ['with limits at their bounds', { idleTimeout: '61s', touchInterval: '60s', reuseInterval: '60s' }],
    ['with one life for all', { accessTtl: '1h', refreshTtl: '1h', absoluteTimeout: '1h', idleTimeout: '1h' }],
    ['with users it makes itself', { users: TestUsers }],
    ['with users, asked on each request', { users: TestUsers, checkUser: 'request' }],
    ['without any purge', { purge: false }],
    [
      'with cookies for browsers',
      { transport: 'both', cookies: { sameSite: 'lax', origins: ['http://localhost:5173'] } },
    ],
    ['with transport bearer and cookies undefined', { transport: 'bearer', cookies: undefined }],
    ['with options that are explicitly undefined', { users: undefined, controllers: undefined, prefix: undefined }],
  ])('%s', async (_, options) => {
    expect(await refusal(options)).toBeUndefined();
  });
});
