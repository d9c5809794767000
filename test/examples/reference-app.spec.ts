import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { Client } from '../support/client.js';
import { adaptersStory } from './adapters.story.js';
import { databasesStory } from './databases.story.js';
import { ExampleCheckout, type RunningExample } from './example-app.js';

// On a machine that may be busy with the other specs.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const AUTH_SECRET = 'a secret of the tests, of more than thirty-two bytes';
const checkout = new ExampleCheckout();
let started: RunningExample;

beforeAll(async () => {
  await checkout.compile();
  started = await checkout.start({
    DATABASE_URL: checkout.newDatabase(),
    REDIS_URL: process.env.TEST_REDIS_URL ?? '',
  });
});

afterAll(async () => {
  await checkout.remove();
});

describe('the reference app', () => {
  it('starts an app whose printed account signs in', async () => {
    const [, username, password] = /Demo account\s+(\S+) \/ (\S+)/.exec(started.said()) ?? [];
    const body = { username, password };
    const { status } = await new Client(started.url).call('POST', '/auth/login', { body });
    expect(status).toBe(200);
  });

  it('says that a secret was made, and what Redis is for', () => {
    expect(started.said()).toMatch(/AUTH_SECRET is not set, so one is kept in \S+\.secret/);
    expect(started.said()).toMatch(/Redis\s+holds copies of sessions/);
  });

  it('refuses to start with a REDIS_URL that is none, and starts with one where nobody is', async () => {
    const { code, said } = await checkout.startInVain({ DATABASE_URL: checkout.newDatabase(), REDIS_URL: 'localhost' });
    expect(code).toBe(1);
    expect(said).toContain('REDIS_URL: AuthModule option `SessionRedis.url`: it is not a Redis URL');
    const alone = await checkout.start({ DATABASE_URL: checkout.newDatabase(), REDIS_URL: 'redis://127.0.0.1:1' });
    const client = new Client(alone.url);
    const [, username, password] = /Demo account\s+(\S+) \/ (\S+)/.exec(alone.said()) ?? [];
    const { body } = await client.call<TokenPair>('POST', '/auth/login', { body: { username, password } });
    expect((await client.profile(body.access_token)).status).toBe(200);
    expect((await client.logout({ token: body.access_token })).status).toBe(204);
    expect((await client.profile(body.access_token)).status).toBe(401);
    expect(alone.said()).toMatch(/Redis is lost, and is tried again/);
    await alone.stop();
  });

  it('stops when it is told to', async () => {
    await started.stop();
    await expect(fetch(started.url)).rejects.toThrow();
  });
});

adaptersStory(checkout);

databasesStory(checkout);

describe('a start that cannot be', () => {
  it.each([
    ['a wrong variable', 'HTTP_ADAPTER', 'koa', /'koa' is not known\. Write express or fastify/],
    ['a database that cannot be opened', 'DATABASE_URL', 'sqlite:/dev/null/example.sqlite', /cannot be opened/],
    ['what AuthModule refuses', 'AUTH_SECRET', 'short', /too few to resist guessing\. Give at least 32 random bytes/],
    ['what AuthModule finds too long', 'REUSE_INTERVAL', '5m', /longer than a minute\. Use '60s' or less/],
  ])('names %s in one sentence: %s=%s', async (_what, name, value, why) => {
    const env = { DATABASE_URL: checkout.newDatabase(), AUTH_SECRET, [name]: value };
    const { code, said } = await checkout.startInVain(env);
    expect(code).toBe(1);
    expect(said).toMatch(new RegExp(`^Cannot start\\. ${name}: `));
    expect(said).toMatch(why);
    expect(said.trim().split('\n')).toHaveLength(1);
  });

  it('names a port that is taken', async () => {
    const app = await checkout.start({ DATABASE_URL: checkout.newDatabase() });
    const env = { DATABASE_URL: checkout.newDatabase(), PORT: new URL(app.url).port };
    const { code, said } = await checkout.startInVain(env);
    expect(code).toBe(1);
    expect(said).toMatch(/^Cannot start\. PORT: another program listens there/);
    await app.stop();
  });
});
