import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, createCluster, createSentinel } from 'redis';
import { type RedisClusterServers, startRedisCluster } from '../support/servers/redis-cluster.mjs';
import { type RedisSentinelServers, startRedisSentinel } from '../support/servers/redis-sentinel.mjs';
import {
  type RedisServer,
  type RedisServerOptions,
  startRedisServer,
  until,
} from '../support/servers/redis-server.mjs';

const WAIT = 300;

/** Whether an answer comes while somebody would still wait for it. */
function answers(question: Promise<unknown>): Promise<boolean> {
  const late = new Promise<boolean>((done) => setTimeout(done, WAIT, false));
  return Promise.race([question.then(() => true), late]);
}

async function withServer(options: RedisServerOptions, use: (server: RedisServer) => Promise<void>): Promise<void> {
  const server = await startRedisServer(options);
  try {
    await use(server);
  } finally {
    await server.stop();
  }
}

describe('a Redis server of a test', () => {
  it('has after its death what it had, when it persists', () =>
    withServer({ persist: true }, async (server) => {
      await server.ask('SET', 'a', 1);
      await server.kill();
      await expect(server.ask('PING')).rejects.toThrow();
      await server.start();
      expect(await server.ask('GET', 'a')).toBe('1');
    }));

  it('has after its death what was saved last, when it does not', () =>
    withServer({}, async (server) => {
      await server.ask('SET', 'a', 1);
      await server.kill();
      await server.start();
      expect(await server.ask('DBSIZE')).toBe(0);
      await server.ask('SET', 'b', 1);
      await server.save();
      await server.ask('SET', 'c', 1);
      await server.kill();
      await server.start();
      expect(await server.ask('KEYS', '*')).toEqual(['b']);
      await server.flush();
      expect(await server.ask('DBSIZE')).toBe(0);
    }));

  it('keeps its connections while it is paused, answers nothing, and goes on afterwards', () =>
    withServer({}, async (server) => {
      const client = createClient({ url: server.url });
      await client.connect();
      await server.pause();
      const answer = client.set('a', '1');
      expect(await answers(answer)).toBe(false);
      await server.resume();
      expect(await answer).toBe('OK');
      client.destroy();
    }));

  it('can be killed and stopped while it is paused', () =>
    withServer({}, async (server) => {
      await server.pause();
      await server.kill();
      await server.start();
      expect(await server.ask('PING')).toBe('PONG');
      await server.pause();
    }));

  it('can be stopped while it is dead', () => withServer({}, (server) => server.kill()));

  it('takes settings, and copies a master', () =>
    withServer({ settings: ['maxmemory-policy allkeys-lru'] }, async (master) => {
      expect(await master.ask('CONFIG', 'GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'allkeys-lru']);
      await master.ask('SET', 'a', 1);
      await withServer({ replicaOf: master }, async (replica) => {
        expect(await replica.ask('GET', 'a')).toBe('1');
        await expect(replica.ask('SET', 'a', 2)).rejects.toThrow('READONLY');
      });
    }));

  it('does not keep a question waiting that it cannot answer', () =>
    withServer({}, async (server) => {
      await server.pause();
      await expect(server.ask('PING')).rejects.toThrow('did not answer PING');
    }));
});

describe('a Redis Cluster of a test', () => {
  let cluster: RedisClusterServers;

  beforeAll(async () => {
    cluster = await startRedisCluster(3);
  });
  afterAll(() => cluster.stop());

  it('spreads keys over its masters, and is whole again after one was away', async () => {
    const client = createCluster({ rootNodes: cluster.rootNodes }).on('error', () => {});
    const names = Array.from({ length: 60 }, (_, index) => `key ${index}`);
    const setAll = () => Promise.all(names.map((name) => client.set(name, name)));
    try {
      await client.connect();
      await setAll();
      const sizes = await Promise.all(cluster.masters.map((master) => master.ask('DBSIZE')));
      expect(sizes.map((size) => Number(size) > 0)).toEqual([true, true, true]);
      expect(sizes.reduce((sum: number, size) => sum + Number(size), 0)).toBe(names.length);
      await cluster.masters[0]?.kill();
      await cluster.masters[0]?.start();
      await cluster.ready();
      await until(async () => (await setAll()).every((answer) => answer === 'OK'));
    } finally {
      client.destroy();
    }
  });
});

describe('a Redis Cluster of a test, with replicas', () => {
  it('has one of them take the place of a master that died', async () => {
    const cluster = await startRedisCluster(3, { replicasEach: 1 });
    try {
      await cluster.masters[1]?.kill();
      await until(async () => String(await cluster.replicas[1]?.ask('ROLE')).startsWith('master'));
    } finally {
      await cluster.stop();
    }
  });
});

describe('a Redis with sentinels of a test', () => {
  it.each(['kill', 'pause'] as const)('has its replica promoted on %s of its master', async (mistreat) => {
    const servers: RedisSentinelServers = await startRedisSentinel();
    const { name, sentinelRootNodes, master, replica } = servers;
    const client = createSentinel({ name, sentinelRootNodes }).on('error', () => {});
    try {
      await client.connect();
      await client.set('a', 'before');
      expect(await master.ask('GET', 'a')).toBe('before');
      await master[mistreat]();
      await servers.promoted();
      await until(async () => (await client.set('a', 'after')) === 'OK');
      expect(await replica.ask('GET', 'a')).toBe('after');
    } finally {
      await client.destroy();
      await servers.stop();
    }
  });
});
