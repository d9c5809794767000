import { describe, expect, it } from 'vitest';
import { SystemClock } from '../../src/clock.js';
import { ConfigurationError } from '../../src/errors.js';
import type { AuthModuleOptions } from '../../src/options/auth-module-options.js';
import type { SecretKey } from '../../src/options/keys/key-option.js';
import { resolveOptions } from '../../src/options/resolve-options.js';
import type { ResolvedAuthOptions } from '../../src/options/resolved-auth-options.js';
import { TestClock } from '../../src/testing/test-clock.js';

const SECRET = 'a test secret of more than thirty-two bytes, kept in no vault';

const DEFAULTS = {
  tokens: {
    keys: [{ secret: Buffer.from(SECRET) }],
    issuer: 'nestjs-session-registry',
    audience: 'nestjs-session-registry',
    accessTtl: 300_000,
    refreshTtl: 2_592_000_000,
  },
  sessions: {
    absoluteTimeout: 2_592_000_000,
    idleTimeout: null,
    reuseInterval: 10_000,
    touchInterval: 60_000,
    maxSessions: null,
    whenFull: 'evict',
  },
  record: { ip: true, userAgent: true },
  purge: { every: 600_000, batch: 1000, retention: 2_592_000_000 },
  serverless: false,
  checkUser: 'renewal',
  users: undefined,
  loginBody: undefined,
  claims: undefined,
  storage: { database: undefined, migrate: undefined, storeTimeout: 2_000 },
};

function resolve(options: Partial<AuthModuleOptions> = {}): ResolvedAuthOptions {
  return resolveOptions({ secret: SECRET, ...options });
}

describe('the options', () => {
  it('have a default each, but for the secret', () => {
    expect(resolve()).toMatchObject(DEFAULTS);
    expect(resolve().clock).toBeInstanceOf(SystemClock);
  });

  it('keep their defaults if they are given as undefined', () => {
    const names = Object.keys({ ...DEFAULTS.tokens, ...DEFAULTS.sessions, ...DEFAULTS.storage, ...DEFAULTS, clock: 0 });
    const given = names.filter((name) => !['secret', 'tokens', 'sessions', 'storage', 'record'].includes(name));
    const undefinedOptions = Object.fromEntries(given.map((name) => [name, undefined]));
    expect(resolve(undefinedOptions)).toMatchObject(DEFAULTS);
    expect(resolve({ purge: { every: undefined, batch: undefined, retention: undefined } as never })).toMatchObject({
      purge: DEFAULTS.purge,
    });
  });

  it('are frozen, all the way down', () => {
    const resolved = resolve();
    for (const part of [resolved, resolved.tokens, resolved.sessions, resolved.storage, resolved.purge])
      expect(Object.isFrozen(part)).toBe(true);
  });

  it('do not change with what was given', () => {
    const secret = Buffer.from(SECRET);
    const given = { secret, purge: { batch: 5 } };
    const resolved = resolveOptions(given);
    secret.fill(0);
    given.purge.batch = 7;
    expect(resolved.tokens.keys).toMatchObject([{ secret: Buffer.from(SECRET) }]);
    expect(resolved.purge.batch).toBe(5);
  });

  it('hand on what they were given', () => {
    const clock = new TestClock();
    const claims = () => ({});
    class Users {
      validateCredentials(): null {
        return null;
      }
      isActive(): boolean {
        return true;
      }
    }
    const database = { type: 'better-sqlite3', database: 'sessions.sqlite' } as const;
    const given = { clock, claims, users: Users, checkUser: 'request' } as const;
    const storage = { database, migrate: false } as const;
    expect(resolve({ ...given, ...storage })).toMatchObject({ ...given, storage });
  });

  it('use the issuer as audience if none is given', () => {
    expect(resolve({ issuer: 'https://id.example' }).tokens).toMatchObject({
      issuer: 'https://id.example',
      audience: 'https://id.example',
    });
    expect(resolve({ audience: 'https://api.example' }).tokens).toMatchObject({
      issuer: 'nestjs-session-registry',
      audience: 'https://api.example',
    });
  });

  it('read a secret of bytes as they are, and one of text as UTF-8', () => {
    const secretOf = (secret: string | Buffer) => (resolve({ secret }).tokens.keys[0] as SecretKey).secret;
    const bytes = Buffer.from(Array.from({ length: 32 }, (_, at) => (at * at * 73 + 181) % 256));
    expect(secretOf(bytes)).toEqual(bytes);
    expect(secretOf('äöüßéèêáàâóòôñçø')).toHaveLength(32);
    expect(() => resolve({ secret: 'äöüßéèêáàâóòôñç' })).toThrow(/it has 30 bytes/);
  });

  it('never put the secret into an error', () => {
    expect(() => resolve({ secret: 'hunter2' })).not.toThrow(/hunter2/);
    expect(() => resolve({ secret: 7_777_777 as never })).not.toThrow(/7777777/);
  });

  it('refuse what the prototype of an object knows just as any other unknown name', () => {
    for (const name of ['toString', 'hasOwnProperty', 'constructor']) {
      expect(() => resolve({ [name]: 1 })).toThrow(`AuthModule option \`${name}\`: there is no such option.`);
    }
  });
});

describe('the times among the options', () => {
  it('read every duration into milliseconds', () => {
    const resolved = resolve({
      accessTtl: '1m',
      refreshTtl: '2h',
      absoluteTimeout: '3d',
      idleTimeout: '4h',
      reuseInterval: '5s',
      touchInterval: 6_000,
      purge: { every: '7m', batch: 8, retention: '9d' },
    });
    expect(resolved.tokens).toMatchObject({ accessTtl: 60_000, refreshTtl: 7_200_000 });
    expect(resolved.sessions).toMatchObject({
      absoluteTimeout: 259_200_000,
      idleTimeout: 14_400_000,
      reuseInterval: 5_000,
      touchInterval: 6_000,
    });
    expect(resolved.purge).toEqual({ every: 420_000, batch: 8, retention: 777_600_000 });
  });

  it('let a session live as long as its refresh token, and a refresh token no longer than its session', () => {
    expect(resolve({ refreshTtl: '7d' }).sessions.absoluteTimeout).toBe(604_800_000);
    expect(resolve({ absoluteTimeout: '7d' }).tokens.refreshTtl).toBe(604_800_000);
    expect(resolve({ absoluteTimeout: '90d' }).tokens.refreshTtl).toBe(2_592_000_000);
  });

  it('take null for no idle limit and no limit of sessions', () => {
    const { sessions } = resolve({ idleTimeout: null, maxSessions: null });
    expect(sessions).toMatchObject({ idleTimeout: null, maxSessions: null });
  });

  it('take zero for a predecessor that is honoured no longer than its successor is unused', () => {
    expect(resolve({ reuseInterval: 0, touchInterval: 0 }).sessions).toMatchObject({
      reuseInterval: 0,
      touchInterval: 0,
    });
  });

  it('switch purge off with false, and keep what purge() itself needs', () => {
    expect(resolve({ purge: false }).purge).toEqual({ every: null, batch: 1000, retention: 2_592_000_000 });
  });

  it('refuse a purge that a timer of Node cannot wait for, and would run without a pause instead', () => {
    const longest = 2 ** 31 - 1;
    expect(resolve({ purge: { every: longest } }).purge.every).toBe(longest);
    expect(() => resolve({ purge: { every: longest + 1 } })).toThrow(ConfigurationError);
    expect(() => resolve({ purge: { every: '30d' } })).toThrow(/`purge\.every`/);
  });

  it('let a request wait for the database for two seconds, or as long as is said', () => {
    expect(resolveOptions({ secret: SECRET }).storage.storeTimeout).toBe(2_000);
    expect(resolveOptions({ secret: SECRET, storeTimeout: '500ms' }).storage.storeTimeout).toBe(500);
    expect(() => resolveOptions({ secret: SECRET, storeTimeout: 0 })).toThrow('`storeTimeout`: it is zero');
  });

  it('give the access token a shorter default if the refresh token lives shorter', () => {
    expect(resolveOptions({ secret: SECRET, refreshTtl: '1m' }).tokens).toMatchObject({
      accessTtl: 60_000,
      refreshTtl: 60_000,
    });
    expect(resolveOptions({ secret: SECRET, absoluteTimeout: '90s' }).tokens).toMatchObject({ accessTtl: 90_000 });
    expect(resolveOptions({ secret: SECRET, refreshTtl: 2_500 }).tokens.accessTtl).toBe(2_000);
  });
});

describe('the column of a cutoff', () => {
  const COLUMN = { table: 'users', id: 'id', name: 'cutoff' };
  const columnOf = (column: unknown) => resolve({ revocation: { column: column as never } }).revocation.column;

  it('is none unless it is given, and otherwise what was given, frozen', () => {
    expect(resolve().revocation.column).toBeUndefined();
    expect(columnOf(COLUMN)).toEqual(COLUMN);
    expect(columnOf({ ...COLUMN, table: 'auth.users' })).toEqual({ ...COLUMN, table: 'auth.users' });
    expect(Object.isFrozen(columnOf(COLUMN))).toBe(true);
    expect(resolve({ revocation: { check: 'validTokenFrom', column: COLUMN } }).revocation).toMatchObject({
      check: 'validTokenFrom',
      denies: false,
      column: COLUMN,
    });
  });

  it.each<[string, unknown, string]>([
    ['', null, 'null is not an object'],
    ['', 'users', "'users' is not an object"],
    ['.column', { ...COLUMN, column: 'validTokenFrom' }, 'there is no such option'],
    ['.table', { id: 'id', name: 'cutoff' }, 'it is not a text, or it is empty'],
    ['.table', { ...COLUMN, table: '' }, 'it is not a text, or it is empty'],
    ['.table', { ...COLUMN, table: ['users'] }, 'it is not a text, or it is empty'],
    ['.table', { ...COLUMN, table: 'a.b.c' }, "'a.b.c' is not the name of a table"],
    ['.table', { ...COLUMN, table: '.users' }, "'.users' is not the name of a table"],
    ['.table', { ...COLUMN, table: 'auth.' }, "'auth.' is not the name of a table"],
    ['.id', { ...COLUMN, id: 7 }, 'it is not a text, or it is empty'],
    ['.name', { ...COLUMN, name: undefined }, 'it is not a text, or it is empty'],
    ['.table', { ...COLUMN, table: 'users" --' }, 'has a quotation mark or a question mark in it'],
    ['.id', { ...COLUMN, id: 'a`b' }, "'a`b' has a quotation mark or a question mark in it"],
    ['.name', { ...COLUMN, name: 'really?' }, "'really?' has a quotation mark or a question mark in it"],
    ['.name', { ...COLUMN, name: 'a\0b' }, 'has a quotation mark or a question mark in it'],
  ])('is refused by name (revocation.column%s) as %j', (member, given, problem) => {
    const refusal = () => columnOf(given);
    expect(refusal).toThrow(ConfigurationError);
    expect(refusal).toThrow(`AuthModule option \`revocation.column${member}\`: `);
    expect(refusal).toThrow(problem);
  });
});
