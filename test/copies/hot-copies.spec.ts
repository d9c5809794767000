import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from 'redis';
import { NO_EDITION } from '../../src/copies/copy-ledger.js';
import { TestClock } from '../../src/testing/test-clock.js';
import { MINUTE } from '../support/times.js';
import { type RedisServer, startRedisServer } from '../support/servers/redis-server.mjs';
import { type CopyProcess, copy, isCopied, LIVE, MemoryLedger, startCopies, until } from './hot-copies-setup.js';

const KEY = { userId: 'ada', guid: 'one' };
let server: RedisServer;
let ledger: MemoryLedger;
let clock: TestClock;
const running: { close(): Promise<unknown> }[] = [];

async function started(at: RedisServer, settings = {}): Promise<CopyProcess> {
  const process = await startCopies(at.url, ledger, clock, settings);
  running.push(process);
  return process;
}

async function serverWith(options = {}): Promise<RedisServer> {
  const made = await startRedisServer(options);
  running.unshift({ close: () => made.stop() });
  return made;
}

beforeEach(async () => {
  ledger = new MemoryLedger();
  clock = new TestClock();
  server = await serverWith();
});
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.close();
});

describe('hot copies', () => {
  it('of a server that was restarted with old data are not read', async () => {
    const process = await started(server);
    await copy(process, 'ada', 'one');
    await copy(process, 'ada', 'two');
    await server.save();
    await process.copies.drop(KEY);
    await server.kill();
    await server.start();
    // The positive control: it came back with what it had.
    const came = (await server.ask('KEYS', 'test:copies:*')) as string[];
    expect(await server.ask('HKEYS', came[0] ?? '')).toEqual(expect.arrayContaining(['one', 'two']));
    await until(clock, async () => (await process.copies.find(KEY)).permit !== undefined);
    expect(await isCopied(process, 'ada', 'one')).toBe(false);
    expect(await isCopied(process, 'ada', 'two')).toBe(false);
  });

  it('of a restarted server are not read either by a process that has not heard of its new edition', async () => {
    const [one, other] = [await started(server), await started(server)];
    await copy(one, 'ada', 'one');
    await server.save();
    await other.copies.drop(KEY);
    await server.kill();
    await server.start();
    const former = ledger.edition;
    // The clock stands still meanwhile: `one` believes what it was told.
    while (ledger.edition === former) {
      await other.copies.find(KEY);
      await new Promise((done) => setTimeout(done, 50));
    }
    expect(await isCopied(one, 'ada', 'one')).toBe(false);
  });

  it('of a replica that took over before it heard of the drop are not read', async () => {
    const [former, replica] = [server, await serverWith({ replicaOf: { port: server.port } })];
    const one = await started(former);
    await copy(one, 'ada', 'one');
    await until(clock, async () => ((await replica.ask('KEYS', 'test:copies:*')) as string[]).length === 1);
    await replica.ask('REPLICAOF', 'NO', 'ONE');
    await one.copies.drop(KEY);
    const other = await started(replica);
    expect(await isCopied(other, 'ada', 'one')).toBe(false);
  });

  it('on a former master are not read once a revoke through the new one is told', async () => {
    const [former, next] = [server, await serverWith()];
    const reader = await started(former);
    await copy(reader, 'ada', 'one');
    const revoker = await started(next);
    let readMeanwhile: boolean | undefined;
    revoker.meanwhile = async () => {
      readMeanwhile = await isCopied(reader, 'ada', 'one');
    };
    await revoker.copies.drop(KEY);
    expect(readMeanwhile).toBe(true);
    expect(revoker.waits).toEqual([expect.closeTo(3_000, -2)]);
    expect(await isCopied(reader, 'ada', 'one')).toBe(false);
  });

  it.each(['killed', 'paused'])('are not read any more when a revoke is told whose server was %s', async (how) => {
    const reader = await started(server);
    await copy(reader, 'ada', 'one');
    // The revoker alone cannot reach it.
    const gone = await serverWith();
    const revoker = await started(gone);
    await (how === 'killed' ? gone.kill() : gone.pause());
    revoker.meanwhile = async () => expect(await isCopied(reader, 'ada', 'one')).toBe(true);
    await revoker.copies.drop(KEY);
    expect(await isCopied(reader, 'ada', 'one')).toBe(false);
    if (how === 'paused') await gone.resume();
  });

  it('cost a further revoke no time while Redis is away, and come back with it', async () => {
    const process = await started(server);
    await copy(process, 'ada', 'one');
    await server.kill();
    await process.copies.drop(KEY);
    expect(ledger.edition).toBe(NO_EDITION);
    const { length } = process.waits;
    clock.advance(MINUTE);
    await server.start();
    await until(clock, async () => (await process.copies.find(KEY)).permit !== undefined);
    expect(ledger.edition).not.toBe(NO_EDITION);
    await copy(process, 'ada', 'one');
    expect(length).toBe(1);
  });

  it('leave a session unread that has to be read again after a flush', async () => {
    const process = await started(server);
    await copy(process, 'ada', 'one');
    const { permit } = await process.copies.find({ userId: 'ada', guid: 'two' });
    await server.flush();
    process.copies.keep({ userId: 'ada', guid: 'two' }, LIVE, permit as never);
    expect(await isCopied(process, 'ada', 'one')).toBe(false);
    expect(await isCopied(process, 'ada', 'two')).toBe(false);
    await process.copies.drop(KEY);
    expect(process.waits).toEqual([]);
  });

  it('can be dropped on a server that is full', async () => {
    const process = await started(server);
    await copy(process, 'ada', 'one');
    await server.ask('CONFIG', 'SET', 'maxmemory', '1');
    expect((await process.copies.find({ userId: 'bob', guid: 'two' })).permit).toBeUndefined();
    await process.copies.drop(KEY);
    expect(process.waits).toEqual([]);
    await server.ask('CONFIG', 'SET', 'maxmemory', '0');
    expect(await isCopied(process, 'ada', 'one')).toBe(false);
  });

  it('are not kept on a server that hands its scripts on', async () => {
    const client = createClient({ url: server.url });
    const send = client.sendCommand.bind(client) as (args: string[]) => Promise<unknown>;
    const old = Object.assign(client, {
      sendCommand: async (args: string[]) => (args[0] === 'INFO' ? 'redis_version:6.2.14' : send(args)),
    });
    const process = await startCopies(old as never, ledger, clock);
    running.push(process);
    expect(process.faults).toEqual([expect.objectContaining({ message: expect.stringContaining('is 6.2.14') })]);
    expect(ledger.edition).toBe(NO_EDITION);
  });
});
