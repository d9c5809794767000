import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Controller, Get, UseGuards } from '@nestjs/common';
import {
  type AuthModuleOptions,
  JwtSessionGuard,
  RevocationCheck,
  RevocationMetrics,
  type TokenPair,
} from 'nestjs-session-registry';
import { SessionRedis } from 'nestjs-session-registry/redis';
import { createCluster, createSentinel } from 'redis';
import { DataSource } from 'typeorm';
import { startApp, type TestApp } from '../support/app.js';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { startRedisCluster } from '../support/servers/redis-cluster.mjs';
import { startRedisSentinel } from '../support/servers/redis-sentinel.mjs';
import { startRedisServer, until } from '../support/servers/redis-server.mjs';

@Controller('strict')
@UseGuards(JwtSessionGuard)
class StrictController {
  @RevocationCheck('session')
  @Get()
  strict(): string {
    return 'strict';
  }
}

const SOCKET = { connectTimeout: 500 };
let database: TestDatabase;
const running: (() => Promise<unknown>)[] = [];

/** An app whose clock stands still, so that no copy grows old by itself. */
async function start(over: 'database' | SessionRedis): Promise<TestApp> {
  const revocation: NonNullable<AuthModuleOptions['revocation']> = { nearCopy: { over } };
  const options = { database: database.options, migrate: true, revocation };
  const app = await startApp({ options, controllers: [StrictController] });
  running.push(() => app.close());
  await until(async () => metricsOf(app)?.connected === true);
  return app;
}
const metricsOf = (app: TestApp) => app.nest.get(RevocationMetrics).nearCopy();
const statusAt = async ({ client }: TestApp, { access_token: token }: TokenPair, path = '/profile') =>
  (await client.call('GET', path, { token })).status;
const signOut = async ({ client }: TestApp, { access_token: token }: TokenPair) =>
  expect((await client.logout({ token })).status).toBe(204);

/** A session that `app` answers for from a copy. */
async function copied(app: TestApp): Promise<TokenPair> {
  const pair = await app.client.signIn('ada');
  await statusAt(app, pair);
  const { hits = 0 } = metricsOf(app) ?? {};
  expect(await statusAt(app, pair)).toBe(200);
  expect(metricsOf(app)?.hits).toBe(hits + 1);
  return pair;
}

beforeEach(async () => {
  database = await createDatabase('postgres');
  running.push(() => database.drop());
});
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

const KINDS: [string, () => Promise<() => 'database' | SessionRedis>][] = [
  ['PostgreSQL', async () => () => 'database'],
  ['Redis', async () => () => new SessionRedis({ url: process.env.TEST_REDIS_URL ?? '', prefix: database.url })],
  [
    'a Redis Cluster',
    async () => {
      const { rootNodes, stop } = await startRedisCluster(3);
      running.push(stop);
      return () => new SessionRedis({ client: createCluster({ rootNodes, defaults: { socket: SOCKET } }) });
    },
  ],
  [
    'Redis behind Sentinel',
    async () => {
      const { name, sentinelRootNodes, stop } = await startRedisSentinel();
      running.push(stop);
      return () => new SessionRedis({ client: createSentinel({ name, sentinelRootNodes }) });
    },
  ],
];

describe.each(KINDS)('near copies over %s', (_, prepare) => {
  it('are dropped when another process ends the session, all of the user, or everything', async () => {
    const medium = await prepare();
    const [app, other] = [await start(medium()), await start(medium())];
    const [one, two] = [await copied(app), await copied(app)];
    await signOut(other, one);
    await until(async () => (await statusAt(app, one)) === 401);
    expect(await statusAt(app, two)).toBe(200);
    await other.registry.revokeAll('id-of-ada');
    await until(async () => (await statusAt(app, two)) === 401);
    expect(metricsOf(app)?.delay.count).toBe(2);
    // Its own revokes it does not have to be told.
    const three = await copied(app);
    await signOut(app, three);
    expect(await statusAt(app, three)).toBe(401);
  });
});

describe('near copies', () => {
  it('of a revoke nobody told are used until maxAge, and never by a route that asks the session', async () => {
    const redis = (prefix: string) => new SessionRedis({ url: process.env.TEST_REDIS_URL ?? '', prefix });
    const [app, deaf] = [await start(redis('one:')), await start(redis('another:'))];
    const pair = await copied(deaf);
    await signOut(app, pair);
    expect(await statusAt(deaf, pair, '/strict')).toBe(401);
    expect(await statusAt(deaf, pair)).toBe(200);
    deaf.clock.advance(2_000);
    expect(await statusAt(deaf, pair)).toBe(200);
    deaf.clock.advance(3_000);
    expect(await statusAt(deaf, pair)).toBe(401);
  });

  it('are dropped when the connection to PostgreSQL is cut, and come back with the next', async () => {
    const app = await start('database');
    const pair = await copied(app);
    const source = await new DataSource({ ...database.options } as never).initialize();
    running.push(() => source.destroy());
    const listening =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' OR query = 'SELECT 1'";
    await source.query(listening);
    await until(async () => metricsOf(app)?.entries === 0);
    await until(async () => metricsOf(app)?.connected === true);
    expect(await statusAt(app, pair)).toBe(200);
    await copied(app);
  });

  it.each(['killed', 'paused'])('are dropped when Redis is %s, and come back with it', async (how) => {
    const server = await startRedisServer();
    running.push(() => server.stop());
    const app = await start(new SessionRedis({ url: server.url }));
    const pair = await copied(app);
    await (how === 'killed' ? server.kill() : server.pause());
    await until(async () => metricsOf(app)?.connected === false);
    expect(metricsOf(app)?.entries).toBe(0);
    expect(await statusAt(app, pair)).toBe(200);
    await signOut(app, pair);
    expect(await statusAt(app, pair)).toBe(401);
    await (how === 'killed' ? server.start() : server.resume());
    await until(async () => metricsOf(app)?.connected === true);
    await copied(app);
  });
});
