import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigurationError } from 'nestjs-session-registry';
import { Environment } from '../../examples/environment/environment.js';
import { refusal } from '../../examples/words.js';

const AUTH_SECRET = 'a secret of the tests, of more than thirty-two bytes';
const folder = mkdtempSync(join(tmpdir(), 'environment-'));
const read = (variables: NodeJS.ProcessEnv) => new Environment({ AUTH_SECRET, ...variables });

afterAll(() => rmSync(folder, { recursive: true }));

describe('the environment of the reference app', () => {
  it('has a default for everything', () => {
    expect(read({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      adapter: 'express',
      trustProxy: false,
      database: { options: { type: 'better-sqlite3', database: 'example.sqlite' }, shown: 'sqlite:example.sqlite' },
      accessTtl: '5m',
      refreshTtl: '30d',
      reuseInterval: '10s',
      redisUrl: undefined,
      secret: { value: AUTH_SECRET },
    });
  });

  it('takes an empty variable for an unset one', () => {
    expect(read({ PORT: '', HTTP_ADAPTER: ' ', ACCESS_TTL: '', DATABASE_URL: '' })).toEqual(read({}));
  });

  it.each([
    ['sqlite:some.sqlite', { type: 'better-sqlite3', database: 'some.sqlite', enableWAL: true }],
    ['sqlite:/tmp/some.sqlite', { type: 'better-sqlite3', database: '/tmp/some.sqlite', enableWAL: true }],
    ['sqlite:///tmp/some.sqlite', { type: 'better-sqlite3', database: '/tmp/some.sqlite', enableWAL: true }],
    ['postgres://ada:pw@db:5433/app', { type: 'postgres', url: 'postgres://ada:pw@db:5433/app' }],
    ['postgresql://db/app', { type: 'postgres', url: 'postgresql://db/app' }],
    ['mysql://ada:pw@db/app', { type: 'mysql', url: 'mysql://ada:pw@db/app' }],
  ])('reads the database %s', (DATABASE_URL, options) => {
    expect(read({ DATABASE_URL }).database.options).toEqual(options);
  });

  it.each([
    ['loopback', ['loopback']],
    ['10.0.0.0/8, 2001:db8::/32,uniquelocal', ['10.0.0.0/8', '2001:db8::/32', 'uniquelocal']],
    ['10.0.0.7', ['10.0.0.7']],
  ])('trusts the proxies %s', (TRUST_PROXY, ranges) => {
    expect(read({ TRUST_PROXY }).trustProxy).toEqual(ranges);
  });

  it('trusts so many proxies', () => {
    const { trustProxy } = read({ TRUST_PROXY: '2' });
    if (typeof trustProxy !== 'function') throw new Error('it is no function');
    expect([0, 1, 2].map((hop) => trustProxy('192.0.2.7', hop))).toEqual([true, true, false]);
  });

  it('shows a database without its password', () => {
    const { shown } = read({ DATABASE_URL: 'postgres://ada:hush@db:5433/app' }).database;
    expect(shown).toBe('postgres://db:5433/app');
  });

  it.each([
    ['PORT', 'eighty', /'eighty' is no port\. Write a number from 0 to 65535/],
    ['PORT', '65536', /'65536' is no port/],
    ['PORT', '-1', /'-1' is no port/],
    ['HTTP_ADAPTER', 'koa', /'koa' is not known\. Write express or fastify/],
    ['TRUST_PROXY', 'true', /'true' names no proxy\. Write the addresses of your proxies/],
    ['TRUST_PROXY', '0', /'0' names no proxy/],
    ['TRUST_PROXY', '10.0.0.0/33', /'10.0.0.0\/33' names no proxy/],
    ['TRUST_PROXY', '0.0.0.0/0', /'0.0.0.0\/0' names no proxy/],
    ['TRUST_PROXY', 'loopback, proxy.example', /'proxy.example' names no proxy/],
    ['DATABASE_URL', 'oracle://somewhere/db', /names no database this app knows\. Write sqlite:FILE/],
    ['DATABASE_URL', 'sqlite:', /names no file/],
    ['DATABASE_URL', 'postgres://localhost', /lacks the host or the name/],
    ['DATABASE_URL', 'mysql:///app', /lacks the host or the name|no valid URL/],
    ['ACCESS_TTL', '5 minutes', /'5 minutes' is no length of time\. Write a number with a unit/],
    ['REFRESH_TTL', '30', /'30' is no length of time/],
    ['REUSE_INTERVAL', '-1s', /'-1s' is no length of time/],
  ])('refuses %s=%s, and says what to write', (name, value, why) => {
    expect(() => read({ [name]: value })).toThrow(new RegExp(`^${name}: `));
    expect(() => read({ [name]: value })).toThrow(why);
  });

  it('gives what AuthModule refuses the name of its variable', () => {
    const error = new ConfigurationError('reuseInterval', 'it is longer than a minute', "Use '60s' or less");
    expect(refusal(error)).toBe(
      "Cannot start. REUSE_INTERVAL: AuthModule option `reuseInterval`: it is longer than a minute. Use '60s' or less.",
    );
  });
});

describe('a secret that is not set', () => {
  const file = join(folder, 'new', 'some.sqlite.secret');
  const DATABASE_URL = `sqlite:${join(folder, 'new', 'some.sqlite')}`;

  it('is made once, long enough, and kept beside the database for its owner alone', () => {
    const { secret } = new Environment({ DATABASE_URL });
    expect(Buffer.from(secret.value, 'base64')).toHaveLength(48);
    expect(secret.file).toBe(file);
    expect(readFileSync(file, 'utf8')).toBe(`${secret.value}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(new Environment({ DATABASE_URL }).secret).toEqual(secret);
  });

  it('is not stored for a database in memory', () => {
    const [one, two] = [1, 2].map(() => new Environment({ DATABASE_URL: 'sqlite::memory:' }).secret);
    expect(one?.file).toBeUndefined();
    expect(one?.value).not.toBe(two?.value);
  });

  it('refuses to start where it cannot be stored', () => {
    const nowhere = () => new Environment({ DATABASE_URL: 'sqlite:/dev/null/some.sqlite' });
    expect(nowhere).toThrow(/^AUTH_SECRET: it is not set, and \/dev\/null\/some.sqlite.secret cannot keep one/);
  });
});
