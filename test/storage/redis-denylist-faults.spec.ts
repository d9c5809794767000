import { describe, expect, it } from 'vitest';
import { createClient, createCluster, createSentinel } from 'redis';
import { NO_CUTOFF } from '../../src/sessions/cutoff.js';
import { startRedisCluster } from '../support/servers/redis-cluster.mjs';
import { startRedisSentinel } from '../support/servers/redis-sentinel.mjs';
import { startRedisServer, until } from '../support/servers/redis-server.mjs';
import { openRedisDenylist, TIMEOUT } from './redis-denylist-bench.js';

const LONG = 600_000;
const ADA = { userId: 'ada', guid: 'one' };

describe('the denylist in a Redis that fails', () => {
  it.each(['kill', 'pause'] as const)('rejects in time on %s, and answers when it is back', async (mistreat) => {
    const server = await startRedisServer({ persist: true });
    const { denylist, now, close } = await openRedisDenylist(createClient({ url: server.url }));
    await denylist.denySession(ADA, now() + LONG);
    await server[mistreat]();
    const started = Date.now();
    const asked = [
      ...[denylist.find(ADA), denylist.find({ userId: 'bob', guid: 'two' })],
      ...[denylist.denySession(ADA, now() + LONG), denylist.denyUser(null, NO_CUTOFF, now() + LONG)],
    ];
    const outcomes = await Promise.allSettled(asked);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
    // Generous: the machine may be busy.
    expect(Date.now() - started).toBeLessThan(TIMEOUT * 8);
    await (mistreat === 'kill' ? server.start() : server.resume());
    await until(async () => (await denylist.find(ADA)).session);
    await close();
    await server.stop();
  });

  it('rejects what belongs to a dead master of a cluster, and keeps answering the rest', async () => {
    const servers = await startRedisCluster(3, { settings: ['cluster-require-full-coverage no'] });
    const { denylist, now, close } = await openRedisDenylist(createCluster({ rootNodes: servers.rootNodes }));
    const keys = Array.from({ length: 12 }, (_, index) => ({ userId: `user ${index}`, guid: 'one' }));
    await Promise.all(keys.map((key) => denylist.denySession(key, now() + LONG)));
    await servers.masters[1]?.pause();
    const outcomes = await Promise.allSettled(keys.map((key) => denylist.find(key)));
    const answers = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.session : 'rejected'));
    expect(new Set(answers)).toContain('rejected');
    expect(new Set(answers)).not.toContain(false);
    await servers.masters[1]?.resume();
    await until(async () => (await Promise.all(keys.map((key) => denylist.find(key)))).every(({ session }) => session));
    await close();
    await servers.stop();
  });

  it('asks no replica, rejects while sentinels choose a new master, and has there what the old one had passed on', async () => {
    const { name, sentinelRootNodes, master, replica, promoted, stop } = await startRedisSentinel();
    const client = createSentinel({ name, sentinelRootNodes, replicaPoolSize: 1 });
    const { denylist, now, close } = await openRedisDenylist(client);
    await denylist.denySession(ADA, now() + LONG);
    for (let asked = 0; asked < 4; asked++) expect((await denylist.find(ADA)).session).toBe(true);
    expect(await replica.ask('INFO', 'commandstats')).not.toMatch(/cmdstat_(get|eval)/);
    await until(async () => (await replica.ask('DBSIZE')) === 1);
    await master.kill();
    await expect(denylist.find({ userId: 'bob', guid: 'two' })).rejects.toThrow();
    await promoted();
    await until(async () => (await denylist.find(ADA)).session);
    await close();
    await stop();
  });
});

describe('the denylist, as it is verified,', () => {
  const MEND = "Set maxmemory-policy to 'noeviction', or use a Redis that is not a cache.";

  async function verify(settings: string[], username?: string): Promise<void> {
    const server = await startRedisServer({ settings });
    const login = username === undefined ? {} : { username, password: 'secret' };
    const { denylist, close } = await openRedisDenylist(createClient({ url: server.url, ...login }));
    try {
      await denylist.verify();
    } finally {
      await close();
      await server.stop();
    }
  }

  it.each([
    ['without a limit', ['maxmemory 0', 'maxmemory-policy allkeys-lru']],
    ['that refuses to grow', ['maxmemory 100mb', 'maxmemory-policy noeviction']],
  ])('takes a Redis %s', async (_, settings) => {
    await expect(verify(settings)).resolves.toBeUndefined();
  });

  it.each(['allkeys-lru', 'volatile-ttl'])(
    'refuses one that drops entries by %s, and says what to do',
    async (policy) => {
      await expect(verify(['maxmemory 100mb', `maxmemory-policy ${policy}`])).rejects.toMatchObject({
        name: 'ConfigurationError',
        message: `AuthModule option \`revocation.denylist\`: Redis may evict entries when its memory is full (its maxmemory-policy is '${policy}'), and signed-out tokens would pass. ${MEND}`,
      });
    },
  );

  it('asks every master of a cluster', async () => {
    const servers = await startRedisCluster(3, { settings: ['maxmemory 100mb'] });
    const { denylist, close } = await openRedisDenylist(createCluster({ rootNodes: servers.rootNodes }));
    await denylist.verify();
    await servers.masters[2]?.ask('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lfu');
    await expect(denylist.verify()).rejects.toThrow('allkeys-lfu');
    await close();
    await servers.stop();
  });

  it('says nothing of one that does not tell, or is away', async () => {
    const evicting = ['maxmemory 100mb', 'maxmemory-policy allkeys-lru'];
    await verify([...evicting, 'user app on >secret ~* +@all -info'], 'app');
    const { denylist, close } = await openRedisDenylist(createClient({ url: 'redis://127.0.0.1:1' }), { timeout: 50 });
    await denylist.verify();
    await close();
  });

  it('answers from a Redis that is full, and rejects what finds no room', async () => {
    const server = await startRedisServer();
    const { denylist, now, close } = await openRedisDenylist(createClient({ url: server.url }));
    await denylist.denySession(ADA, now() + LONG);
    await server.ask('CONFIG', 'SET', 'maxmemory', 1);
    expect((await denylist.find(ADA)).session).toBe(true);
    await expect(denylist.denyUser('ada', { ticket: 1, kept: null }, now() + LONG)).rejects.toThrow('OOM');
    await close();
    await server.stop();
  });
});
