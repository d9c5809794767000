import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCluster, createSentinel } from 'redis';
import { TestClock } from '../../src/testing/test-clock.js';
import { startRedisCluster } from '../support/servers/redis-cluster.mjs';
import { type RedisSentinelServers, startRedisSentinel } from '../support/servers/redis-sentinel.mjs';
import { type CopyProcess, copy, isCopied, MemoryLedger, startCopies, until } from './hot-copies-setup.js';

const SOCKET = { connectTimeout: 500 };
const PEOPLE = Array.from({ length: 30 }, (_, n) => `person ${n}`);

let ledger: MemoryLedger;
let clock: TestClock;
const running: (() => Promise<unknown>)[] = [];

async function started(client: Parameters<typeof startCopies>[0]): Promise<CopyProcess> {
  const process = await startCopies(client, ledger, clock);
  running.push(() => process.close());
  return process;
}
/** Makes the copies that are not there. A server that is busy may answer later than a process waits for it: asks again. */
async function copyAll(process: CopyProcess, people = PEOPLE): Promise<void> {
  for (const person of people) {
    const tried = async () => {
      if (await isCopied(process, person, 'one')) return true;
      return copy(process, person, 'one').then(
        () => true,
        () => false,
      );
    };
    await until(clock, tried);
  }
}
const copied = async (process: CopyProcess) => {
  const found = [];
  for (const person of PEOPLE) if (await isCopied(process, person, 'one')) found.push(person);
  return found;
};
/** Resolves once a process finds every copy: it asks the ledger first if the clock has moved on. */
const findsAll = (process: CopyProcess) => until(clock, async () => (await copied(process)).length === PEOPLE.length);
/** Whether copies can be made again, for everybody. */
const works = (process: CopyProcess) => async () => {
  for (const person of PEOPLE) {
    const { state, permit } = await process.copies.find({ userId: person, guid: 'two' });
    if (!state && permit === undefined) return false;
  }
  return true;
};

beforeEach(() => {
  ledger = new MemoryLedger();
  clock = new TestClock();
});
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

describe('hot copies in a Redis Cluster of three', () => {
  it('are spread over the nodes, dropped wherever they are, and not read from a node that was restarted', async () => {
    const cluster = await startRedisCluster(3);
    running.push(() => cluster.stop());
    const connect = () => started(createCluster({ rootNodes: cluster.rootNodes, defaults: { socket: SOCKET } }));
    const [one, other] = [await connect(), await connect()];
    await copyAll(one);
    for (const node of cluster.masters) expect(await node.ask('DBSIZE')).toBeGreaterThan(0);
    await findsAll(other);

    await other.copies.drop({ userId: PEOPLE[0] ?? '', guid: 'one' });
    await other.copies.drop({ userId: PEOPLE[1] ?? '' });
    expect(await copied(one)).toEqual(PEOPLE.slice(2));
    expect([...one.waits, ...other.waits]).toEqual([]);

    for (const node of cluster.masters) await node.save();
    for (const person of PEOPLE) await other.copies.drop({ userId: person });
    const [node] = cluster.masters;
    await node?.kill();
    await node?.start();
    await cluster.ready();
    await until(clock, works(one));
    expect(await copied(one)).toEqual([]);
  });

  it('of a node that is away are not read any more when a revoke is told', async () => {
    const cluster = await startRedisCluster(3);
    running.push(() => cluster.stop());
    const process = await started(createCluster({ rootNodes: cluster.rootNodes, defaults: { socket: SOCKET } }));
    await copyAll(process);
    await cluster.masters[0]?.pause();
    for (const person of PEOPLE) await process.copies.drop({ userId: person });
    await cluster.masters[0]?.resume();
    expect(process.waits.length).toBeGreaterThan(0);
    await cluster.ready();
    await until(clock, works(process));
    expect(await copied(process)).toEqual([]);
  });
});

describe('hot copies behind Sentinel', () => {
  const client = ({ name, sentinelRootNodes }: RedisSentinelServers) =>
    createSentinel({
      ...{ name, sentinelRootNodes, scanInterval: 200 },
      ...{ nodeClientOptions: { socket: SOCKET }, sentinelClientOptions: { socket: SOCKET } },
    });

  it('of a master that hung are read no more once its replica took over, nor when it is back', async () => {
    const servers = await startRedisSentinel();
    running.push(() => servers.stop());
    const [one, other] = [await started(client(servers)), await started(client(servers))];
    await copyAll(one);
    await findsAll(other);

    await servers.master.pause();
    await servers.promoted();
    for (const person of PEOPLE) await other.copies.drop({ userId: person });
    await servers.master.resume();
    expect(await copied(one)).toEqual([]);
    await until(clock, works(one));
    expect(await copied(one)).toEqual([]);
    expect(await copied(other)).toEqual([]);
    // Whoever lost Redis for a moment asks the database, and uses copies again.
    await copyAll(other, ['somebody']);
    await until(clock, () => isCopied(one, 'somebody', 'one'));
  });
});
