import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BasicClientSideCache, createClient, createCluster } from 'redis';
import type { RedisClient } from '../../src/redis/redis-client.js';
import { NO_CUTOFF } from '../../src/sessions/cutoff.js';
import { describeDenylist } from '../contracts/denylist.contract.js';
import { startRedisCluster } from '../support/servers/redis-cluster.mjs';
import { type RedisServer, startRedisServer } from '../support/servers/redis-server.mjs';
import { openRedisDenylist, type RedisDenylistBench } from './redis-denylist-bench.js';

const LONG = 600_000;
const ADA = { userId: 'ada', guid: 'one' };
const FREE = { session: false, user: NO_CUTOFF };
const ENTRY = 'app:denied:{ada}';

const patient = () => ({ prefix: `test ${randomUUID()}:`, timeout: 10_000 });

describeDenylist('in Redis', () =>
  openRedisDenylist(createClient({ url: process.env.TEST_REDIS_URL ?? '' }), patient()),
);

describeDenylist('in a Redis Cluster', async () => {
  const servers = await startRedisCluster(3);
  const bench = await openRedisDenylist(createCluster({ rootNodes: servers.rootNodes }), patient());
  const close = async () => {
    await bench.close();
    await servers.stop();
  };
  return { ...bench, close };
});

describe('the denylist in Redis', () => {
  let server: RedisServer;
  let bench: RedisDenylistBench;

  beforeAll(async () => {
    server = await startRedisServer();
    bench = await openRedisDenylist(createClient({ url: server.url }));
  });
  afterAll(async () => {
    await bench.close();
    await server.stop();
  });

  const lifeOf = async (key: string) => Number(await server.ask('PTTL', key));
  const deny = (life: number) => bench.denylist.denySession(ADA, bench.now() + life);

  it('has one key for a session and one for a user, with the user in braces', async () => {
    await deny(LONG);
    await bench.denylist.denyUser('ada', { ticket: 5, kept: 'one' }, bench.now() + LONG);
    await bench.denylist.denyUser('{ad a}', { ticket: 5, kept: null }, bench.now() + LONG);
    await bench.denylist.denyUser(null, { ticket: 4, kept: null }, bench.now() + LONG);
    const keys = (await server.ask('KEYS', '*')) as string[];
    expect(keys.toSorted()).toEqual(['app:denied:everybody', 'app:denied:{%7Bad%20a%7D}', ENTRY, `${ENTRY}:one`]);
  });

  it('has Redis drop each entry after as long as its end is away by the clock of the app', async () => {
    await server.flush();
    await deny(LONG);
    const life = await lifeOf(`${ENTRY}:one`);
    expect(life).toBeGreaterThan(LONG - 60_000);
    expect(life).toBeLessThanOrEqual(LONG);
    bench.clock.advance(LONG / 2);
    await deny(LONG / 4);
    expect(await lifeOf(`${ENTRY}:one`)).toBeGreaterThan(LONG / 2);
    await deny(LONG + 0.5);
    expect(await lifeOf(`${ENTRY}:one`)).toBeGreaterThan(LONG - 60_000);
    await bench.denylist.prune();
    expect((await bench.denylist.find(ADA)).session).toBe(true);
  });

  it.each([0, -1, -LONG])('takes an entry that ends in %i ms, and keeps none for ever', async (life) => {
    await server.flush();
    await deny(life);
    await bench.passed(bench.now());
    expect(await server.ask('EXISTS', `${ENTRY}:one`)).toBe(0);
  });

  it('goes on where Redis has forgotten its scripts', async () => {
    await server.ask('SCRIPT', 'FLUSH');
    expect(await bench.denylist.find(ADA)).toEqual(FREE);
    await server.ask('SCRIPT', 'FLUSH');
    await deny(LONG);
    expect((await bench.denylist.find(ADA)).session).toBe(true);
  });

  it('is not what a cache of the client has', async () => {
    await server.flush();
    const clientSideCache = new BasicClientSideCache({ ttl: 0 });
    const cached = await openRedisDenylist(createClient({ url: server.url, RESP: 3, clientSideCache }) as RedisClient);
    expect(await cached.denylist.find(ADA)).toEqual(FREE);
    await deny(LONG);
    expect((await cached.denylist.find(ADA)).session).toBe(true);
    expect(clientSideCache.stats().missCount).toBe(0);
    await cached.close();
  });

  it.each(['', 'none', '5x', ' 5', '-1', '1.5'])('takes %j for no mark, and then rejects', async (text) => {
    await server.flush();
    await server.ask('SET', ENTRY, text);
    await expect(bench.denylist.find(ADA)).rejects.toThrow('holds something that is not an entry');
  });

  it('rejects what is of another type', async () => {
    await server.flush();
    await server.ask('LPUSH', `${ENTRY}:one`, 'a');
    await expect(bench.denylist.find(ADA)).rejects.toThrow('WRONGTYPE');
    await expect(deny(LONG)).rejects.toThrow('WRONGTYPE');
  });
});
