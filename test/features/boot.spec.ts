import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type DynamicModule, Inject, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import {
  AuthModule,
  type AuthModuleExtras,
  type AuthModuleOptions,
  type AuthUser,
  type AuthUsers,
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

@Injectable()
class WithoutIsActive {
  validateCredentials(): null {
    return null;
  }
}

@Injectable()
class WithoutValidateCredentials {
  isActive(): boolean {
    return true;
  }
}

@Injectable()
class InNeedOfMore implements AuthUsers {
  constructor(@Inject('USER_TABLE') readonly table: unknown) {}
  validateCredentials(): AuthUser | null {
    return null;
  }
  isActive(): boolean {
    return true;
  }
}

const A_SECRET = 'Give at least 32 random bytes, for example from `openssl rand -base64 48`';
const A_DURATION = "Write a whole number with a unit, such as '10s', '5m', '12h' or '30d', or a number of milliseconds";

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

  it('over an option there is not, listing those there are', async () => {
    const error = await refusal(untyped({ acessTtl: '5m' }));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({ option: 'acessTtl' });
    expect((error as Error).message).toMatch(
      /^AuthModule option `acessTtl`: there is no such option\. Known options: .*\baccessTtl\b.*\.$/,
    );
  });

  it('over an option of purge there is not', async () => {
    const error = await refusal(untyped({ purge: { evry: '1h' } }));
    expectNamed(error, 'purge.evry', 'there is no such option', 'Known options: every, batch, retention');
  });

  it.each<[string, object, string, string, string]>([
    ['no secret', { secret: undefined }, 'secret', 'it is missing', A_SECRET],
    ['an empty secret', { secret: '' }, 'secret', 'it has 0 bytes, too few to resist guessing', A_SECRET],
    ['a short secret', { secret: 's'.repeat(31) }, 'secret', 'it has 31 bytes, too few to resist guessing', A_SECRET],
    ['a short Buffer', { secret: Buffer.alloc(31) }, 'secret', 'it has 31 bytes, too few to resist guessing', A_SECRET],
    ['a bad duration', { accessTtl: '5 minutes' }, 'accessTtl', '"5 minutes" is not a valid duration', A_DURATION],
    ['a negative duration', { refreshTtl: -1 }, 'refreshTtl', '-1 is not a valid duration', A_DURATION],
    [
      'a bad duration of purge',
      { purge: { every: 'often' } },
      'purge.every',
      '"often" is not a valid duration',
      A_DURATION,
    ],
    ['no life for an access token', { accessTtl: 0 }, 'accessTtl', 'it is zero', 'Give a length of time'],
    ['no life for a refresh token', { refreshTtl: '0d' }, 'refreshTtl', 'it is zero', 'Give a length of time'],
    ['no life for a session', { absoluteTimeout: 0 }, 'absoluteTimeout', 'it is zero', 'Give a length of time'],
    ['no time to be idle', { idleTimeout: 0 }, 'idleTimeout', 'it is zero', 'Give a length of time'],
    ['a purge without a pause', { purge: { every: 0 } }, 'purge.every', 'it is zero', 'Give a length of time'],
    [
      'an access token of a fraction of a second',
      { accessTtl: 1500 },
      'accessTtl',
      'tokens count in whole seconds',
      "Give whole seconds, such as '5m'",
    ],
    [
      'an access token that outlives the refresh token',
      { accessTtl: '2h', refreshTtl: '1h' },
      'accessTtl',
      'it is longer than `refreshTtl`',
      'Make it shorter',
    ],
    [
      'a refresh token that outlives its session',
      { refreshTtl: '2d', absoluteTimeout: '1d' },
      'refreshTtl',
      'it is longer than `absoluteTimeout`',
      'Make it shorter, or `absoluteTimeout` longer',
    ],
    [
      'an idle limit that outlives the session',
      { idleTimeout: '2d', absoluteTimeout: '1d' },
      'idleTimeout',
      'it is longer than `absoluteTimeout`',
      'Make it shorter',
    ],
    [
      'an idle limit no touch can keep up with',
      { idleTimeout: '60s', touchInterval: '60s' },
      'idleTimeout',
      'it is not longer than `touchInterval`, so an active session could count as idle',
      'Make it longer, or `touchInterval` shorter',
    ],
    [
      'a reuse interval of over a minute',
      { reuseInterval: '61s' },
      'reuseInterval',
      'it is longer than a minute',
      "Use '60s' or less",
    ],
    [
      'a question nobody answers on each request',
      { checkUser: 'request' },
      'checkUser',
      "'request' calls `users.isActive`, but there is no `users`",
      'Give `users`, or leave `checkUser` out',
    ],
    [
      'a time to ask for the user that is none',
      { checkUser: 'always' },
      'checkUser',
      "'always' is not one of its values",
      'Use renewal or request',
    ],
    ['a rule that is none', { whenFull: 'wait' }, 'whenFull', "'wait' is not one of its values", 'Use evict or reject'],
    [
      'no session at all',
      { maxSessions: 0 },
      'maxSessions',
      '0 is not a valid count',
      'Give a whole number of at least 1',
    ],
    [
      'half a session',
      { maxSessions: 1.5 },
      'maxSessions',
      '1.5 is not a valid count',
      'Give a whole number of at least 1',
    ],
    [
      'an empty batch',
      { purge: { batch: 0 } },
      'purge.batch',
      '0 is not a valid count',
      'Give a whole number from 1 to 10000',
    ],
    [
      'a batch too big',
      { purge: { batch: 10001 } },
      'purge.batch',
      '10001 is not a valid count',
      'Give a whole number from 1 to 10000',
    ],
    ['an empty issuer', { issuer: '' }, 'issuer', 'it is not a text, or it is empty', 'Give a name or a URL'],
    [
      'an audience that is no text',
      { audience: 7 },
      'audience',
      'it is not a text, or it is empty',
      'Give a name or a URL',
    ],
    [
      'a migration of a store that is no database',
      { migrate: true },
      'migrate',
      'there is a `store` too, and only one can keep the sessions',
      'Leave one out',
    ],
    ['a secret that is a number', { secret: 42 }, 'secret', 'it is neither text nor a Buffer', A_SECRET],
    ['a clock that is none', { clock: {} }, 'clock', 'it has no method `now`', 'Extend `Clock`'],
    [
      'claims that are no function',
      { claims: { role: 'editor' } },
      'claims',
      'it is not a function',
      'Give a function from your user to an object',
    ],
    ['no purge at all, said wrongly', { purge: null }, 'purge', 'null is not an object', 'Give an object'],
    [
      'a way to be full without a limit',
      { whenFull: 'reject' },
      'whenFull',
      'there is no `maxSessions`, so nothing is ever full',
      'Give `maxSessions`, or leave `whenFull` out',
    ],
    [
      'a transport that is none',
      { transport: 'cookies' },
      'transport',
      "'cookies' is not one of its values",
      'Use bearer or cookie or both',
    ],
    [
      'an option of cookies there is not',
      { transport: 'cookie', cookies: { samesite: 'lax' } },
      'cookies.samesite',
      'there is no such option',
      'Known options: access, sameSite, origins',
    ],
    [
      'cookies that are never set',
      { cookies: { access: true } },
      'cookies',
      "`transport` is 'bearer', so no cookie is ever set",
      "Set `transport` to 'cookie' or 'both', or leave `cookies` out",
    ],
    [
      'cookies that are none',
      { transport: 'both', cookies: true },
      'cookies',
      'true is not an object',
      'Give an object',
    ],
    [
      'cookies for other sites',
      { transport: 'both', cookies: { sameSite: 'none' } },
      'cookies.sameSite',
      "'none' is not one of its values",
      'Use strict or lax',
    ],
    [
      'an access cookie that is neither set nor not',
      { transport: 'both', cookies: { access: 'yes' } },
      'cookies.access',
      "'yes' is neither true nor false",
      'Use true or false',
    ],
    [
      'an origin with a path',
      { transport: 'cookie', cookies: { origins: ['https://a.example', 'https://b.example/'] } },
      'cookies.origins',
      "'https://b.example/' is not a valid origin",
      "Write 'https://b.example', as a browser sends it",
    ],
  ])('over %s', async (_, options, option, problem, mend) => {
    expectNamed(await refusal(untyped(options)), option, problem, mend);
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

  it.each<[string, AuthModuleExtras['controllers']]>([
    ['controllers: true', true],
    ["controllers: ['login']", ['login']],
  ])('with %s and no users to ask', async (_, controllers) => {
    const mend = "Give your users class, or mount the other routes alone: `controllers: ['tokens', 'sessions']`";
    const problem = 'it is missing, and `POST /auth/login` is mounted and has nobody to ask';
    expectNamed(await refusal({ controllers }), 'users', problem, mend);
  });

  it('with forRootAsync, whose login is mounted, and no users to ask', async () => {
    const error = await refusalOf(() =>
      AuthModule.forRootAsync({ store: new MemorySessionStore(), useFactory: () => ({ secret: SECRET }) }),
    );
    expect(error).toMatchObject({ option: 'users', message: expect.stringContaining('it is missing') });
  });

  it('over a users class without one of its methods', async () => {
    const implement = 'Implement the interface AuthUsers';
    const active = await refusal({ users: WithoutIsActive as never });
    expectNamed(active, 'users', 'WithoutIsActive has no method `isActive`', implement);
    const validate = await refusal({ users: WithoutValidateCredentials as never });
    expectNamed(validate, 'users', 'WithoutValidateCredentials has no method `validateCredentials`', implement);
  });

  it('over a users class that nobody provides and that cannot be made, with the fault beneath', async () => {
    const error = await refusal({ users: InNeedOfMore });
    const problem = 'no module provides InNeedOfMore, and it cannot be made without one';
    expectNamed(error, 'users', problem, 'Add InNeedOfMore to the providers of a module');
    expect((error as Error).cause).toMatchObject({ message: expect.stringContaining('USER_TABLE') });
  });

  it('over an object in place of the users class, and says what to give', async () => {
    const error = await refusal(untyped({ users: new TestUsers() }));
    expect(error).toMatchObject({ name: 'ConfigurationError', option: 'users' });
    expect((error as Error).message).toMatch(/\bclass\b/);
    expect((error as Error).message).not.toContain('undefined');
  });

  it('over a group of routes there is not', async () => {
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
    const revocation = { column: { table: 'users', id: 'id', name: 'validTokenFrom' } };
    const error = await refusal({ revocation, store: new MemorySessionStore() });
    expect(error).toMatchObject({ name: 'ConfigurationError', option: 'revocation.column' });
    expect((error as Error).message).toContain('`store` of the app');
  });

  it('without the column that is to tell cutoffs', async () => {
    const revocation = { column: { table: 'users', id: 'id', name: 'validTokenFrom' } };
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
