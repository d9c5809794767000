import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Client } from '../support/client.js';
import { adaptersStory } from './adapters.story.js';
import { databasesStory } from './databases.story.js';
import { ExampleCheckout, type RunningExample } from './example-app.js';

// Two builds by tsc, on a machine that may be busy with the other specs.
jest.setTimeout(180_000);

const AUTH_SECRET = 'a secret of the tests, of more than thirty-two bytes';
const checkout = new ExampleCheckout();
let startedByNpm: RunningExample;

beforeAll(async () => {
  startedByNpm = await checkout.npmStart({ DATABASE_URL: checkout.newDatabase(), REDIS_URL: 'redis://localhost' });
});

afterAll(async () => {
  await checkout.remove();
});

describe('npm start', () => {
  it('starts an app whose printed account signs in', async () => {
    const [, username, password] = /Demo account\s+(\S+) \/ (\S+)/.exec(startedByNpm.said()) ?? [];
    const body = { username, password };
    const { status } = await new Client(startedByNpm.url).call('POST', '/auth/login', { body });
    expect(status).toBe(200);
  });

  it('says that a secret was made, and that Redis is not used', () => {
    expect(startedByNpm.said()).toMatch(/AUTH_SECRET is not set, so one is kept in \S+\.secret/);
    expect(startedByNpm.said()).toMatch(/REDIS_URL is set, and this version does not use it/);
  });

  it('stops when it is told to', async () => {
    await startedByNpm.stop();
    await expect(fetch(startedByNpm.url)).rejects.toThrow();
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
