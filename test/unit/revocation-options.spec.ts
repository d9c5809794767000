import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/errors.js';
import type { AuthModuleOptions } from '../../src/options/auth-module-options.js';
import { resolveOptions } from '../../src/options/resolve-options.js';
import { RevocationMedium } from '../../src/options/revocation-medium.js';
import { SessionRedis } from '../../src/redis/session-redis.js';
import { startApp } from '../support/app.js';

const SECRET = 'a test secret of more than thirty-two bytes, kept in no vault';
const resolve = (revocation: unknown) => resolveOptions({ secret: SECRET, revocation } as AuthModuleOptions).revocation;
const redis = () => new SessionRedis({ url: 'redis://127.0.0.1:1' });

/** A medium of somebody else. */
class OtherMedium extends RevocationMedium {
  override async open(): Promise<void> {}
  override async close(): Promise<void> {}
}

/** The option a refusal names, its problem and its mend. */
function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('the options of revocation', () => {
  it('are the row of the session and nothing beside, by default', () => {
    const none = { denylist: undefined, denies: false, hotCopy: undefined, nearCopy: undefined };
    expect(resolve(undefined)).toMatchObject({ check: 'session', ...none });
    expect(Object.isFrozen(resolve({}))).toBe(true);
  });

  it('take a medium for each use', () => {
    const medium = redis();
    const given = { denylist: medium, hotCopy: medium, nearCopy: { over: medium, maxAge: '2s', size: 5 } };
    const nearCopy = { over: medium, maxAge: 2_000, size: 5 };
    expect(resolve(given)).toMatchObject({ denylist: medium, denies: true, hotCopy: medium, nearCopy });
    expect(resolve({ nearCopy: { over: 'database' } }).nearCopy).toEqual({
      over: 'database',
      maxAge: 5_000,
      size: 10_000,
    });
  });

  it.each<[string, unknown, string, RegExp]>([
    ['a name that is none', { check: 5 }, 'revocation.check', /it is not a text/],
    ['an unknown name', { checks: 'session' }, 'revocation.checks', /no such option. Known options: check, denylist/],
    [
      'a URL for a medium',
      { denylist: 'redis://localhost' },
      'revocation.denylist',
      /'database', or 'memory', or `new SessionRedis/,
    ],
    ['a client for a medium', { hotCopy: {} }, 'revocation.hotCopy', /is not known. Give `new SessionRedis/],
    [
      'nothing to carry the word',
      { nearCopy: {} },
      'revocation.nearCopy.over',
      /undefined is not known. Give 'database', or/,
    ],
    ['the database for hot copies', { hotCopy: 'database' }, 'revocation.hotCopy', /'database' is not known/],
    ['true for near copies', { nearCopy: true }, 'revocation.nearCopy', /true is not an object/],
    ['an unknown name in near copies', { nearCopy: { ttl: 1 } }, 'revocation.nearCopy.ttl', /no such option/],
    [
      'too long a life',
      { nearCopy: { over: 'database', maxAge: '61s' } },
      'revocation.nearCopy.maxAge',
      /longer than a minute/,
    ],
    ['no life', { nearCopy: { over: 'database', maxAge: 0 } }, 'revocation.nearCopy.maxAge', /it is zero/],
    ['no room', { nearCopy: { over: 'database', size: 0 } }, 'revocation.nearCopy.size', /0 is not a valid count/],
    [
      'near copies of another check',
      { check: 'denylist', nearCopy: { over: 'database' } },
      'revocation.nearCopy',
      /replaces the check 'session'/,
    ],
  ])('refuse %s', (_, revocation, option, said) => {
    const refusal = refusalOf(() => resolve(revocation));
    expect(refusal).toContain(`option \`${option}\``);
    expect(refusal).toMatch(said);
  });

  it.each<[string, object, string, RegExp]>([
    ['neither of the two', {}, 'SessionRedis', /one of `url` and `client`/],
    ['both of the two', { url: 'redis://localhost', client: {} }, 'SessionRedis', /one of `url` and `client`/],
    ['an invalid URL', { url: 'localhost' }, 'SessionRedis.url', /it is not a Redis URL/],
    ['an empty URL', { url: '' }, 'SessionRedis.url', /it is empty/],
    ['an unknown name', { host: 'localhost' }, 'SessionRedis.host', /no such option/],
    ['an empty prefix', { url: 'redis://localhost', prefix: '' }, 'SessionRedis.prefix', /it is empty/],
    ['no time', { url: 'redis://localhost', timeout: 0 }, 'SessionRedis.timeout', /it is zero/],
    ['an unknown answer', { url: 'redis://localhost', whenLost: 'open' }, 'SessionRedis.whenLost', /'open'/],
    ['no yes or no', { url: 'redis://localhost', reads: 'no' }, 'SessionRedis.reads', /'no'/],
  ])('refuse a SessionRedis with %s', (_, options, option, said) => {
    const refusal = refusalOf(() => new SessionRedis(options));
    expect(refusal).toContain(`option \`${option}\``);
    expect(refusal).toMatch(said);
  });

  it.each<[string, AuthModuleOptions['revocation'], RegExp]>([
    [
      'near copies by a database that carries no word',
      { nearCopy: { over: 'database' } },
      /nearCopy.over.*not in a PostgreSQL/,
    ],
    ['a medium of another version', { nearCopy: { over: new OtherMedium() } }, /nearCopy.over.*of another version/],
    ['hot copies in one', { hotCopy: new OtherMedium() }, /hotCopy.*of another version/],
    ['a denylist in one', { denylist: new OtherMedium() }, /denylist.*of another version/],
  ])('refuse to boot with %s', async (_, revocation, said) => {
    await expect(startApp({ options: { revocation } })).rejects.toThrow(said);
  });

  it('refuse to boot with hot copies of a store of the app', async () => {
    const { MemorySessionStore } = await import('../../src/storage/memory/memory-session.store.js');
    const options = { store: new MemorySessionStore(), database: undefined, revocation: { hotCopy: redis() } };
    await expect(startApp({ options })).rejects.toThrow(/hotCopy.*in your own `store`/);
  });
});
