import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NO_EDITION } from '../../src/copies/copy-ledger.js';
import { TestClock } from '../../src/testing/test-clock.js';
import { type RedisServer, startRedisServer } from '../support/servers/redis-server.mjs';
import { type CopyProcess, copy, isCopied, LIVE, MemoryLedger, startCopies } from './hot-copies-setup.js';

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

describe('hot copies on a server that is well', () => {
  it('are read by every process, and say what the row said', async () => {
    const [one, other] = [await started(server), await started(server)];
    const state = { ...LIVE, predecessor: 'before', rotatedAt: 5, usedAt: 7 };
    const { permit } = await one.copies.find(KEY);
    one.copies.keep(KEY, state, permit as never);
    expect(await isCopied(one, 'ada', 'one')).toBe(true);
    expect(await other.copies.find(KEY)).toEqual({ state });
    expect(await isCopied(other, 'bob', 'one')).toBe(false);
  });

  it('are dropped one by one, all of a user, or all of everybody, and others stay', async () => {
    const process = await started(server);
    const left = async () => {
      const found = [];
      for (const [user, guid] of [
        ['ada', 'one'],
        ['ada', 'two'],
        ['bob', 'three'],
      ] as const)
        if (await isCopied(process, user, guid)) found.push(guid);
      return found;
    };
    for (const [user, guid] of [
      ['ada', 'one'],
      ['ada', 'two'],
      ['bob', 'three'],
    ] as const)
      await copy(process, user, guid);
    await process.copies.drop(KEY);
    expect(await left()).toEqual(['two', 'three']);
    await process.copies.drop({ userId: 'ada' });
    expect(await left()).toEqual(['three']);
    expect(process.waits).toEqual([]);
    await process.copies.drop({ userId: null });
    expect(await left()).toEqual([]);
    expect(process.waits).toHaveLength(1);
  });

  it('are not made of what was read before a drop', async () => {
    const process = await started(server);
    const { permit } = await process.copies.find(KEY);
    await process.copies.drop(KEY);
    process.copies.keep(KEY, LIVE, permit as never);
    expect(await isCopied(process, 'ada', 'one')).toBe(false);
  });

  it('are not made of what was read before all of the user were dropped', async () => {
    const process = await started(server);
    const { permit } = await process.copies.find(KEY);
    await process.copies.drop({ userId: 'ada' });
    process.copies.keep(KEY, LIVE, permit as never);
    expect(await isCopied(process, 'ada', 'one')).toBe(false);
  });

  it('are made anew where they are of a session that was active later, unless they were dropped meanwhile', async () => {
    const [process, other] = [await started(server), await started(server)];
    await copy(process, 'ada', 'one');
    const touched = { ...LIVE, lastActiveAt: LIVE.lastActiveAt + 1 };
    const { permit } = await process.copies.find(KEY, LIVE.lastActiveAt);
    expect(await other.copies.find(KEY, LIVE.lastActiveAt - 1)).toEqual({ state: LIVE });
    process.copies.keep(KEY, touched, permit as never);
    expect(await process.copies.find(KEY, LIVE.lastActiveAt)).toEqual({ state: touched });

    const { permit: late } = await process.copies.find(KEY, touched.lastActiveAt);
    expect(late).toBeDefined();
    await other.copies.drop(KEY);
    process.copies.keep(KEY, touched, late as never);
    expect(await isCopied(process, 'ada', 'one')).toBe(false);
  });

  it('are believed no longer than the ledger was asked', async () => {
    const process = await started(server);
    await copy(process, 'ada', 'one');
    ledger.fault = new Error('the database is away');
    clock.advance(2_400);
    expect(await isCopied(process, 'ada', 'one')).toBe(true);
    clock.advance(200);
    expect(await process.copies.find(KEY)).toEqual({});
    await expect(process.copies.drop(KEY)).rejects.toThrow('the database is away');
  });

  it('may be read a moment longer where the change is no end', async () => {
    const process = await started(server);
    await server.kill();
    await process.copies.drop(KEY, 10_000);
    expect(process.waits).toEqual([]);
    expect(ledger.edition).toBe(NO_EDITION);
  });

  it('that are none of ours are not believed', async () => {
    const process = await started(server);
    await copy(process, 'ada', 'one');
    const [key = ''] = (await server.ask('KEYS', 'test:copies:*')) as string[];
    for (const odd of ['nonsense', '{}', '[]', '["first",null,null,null,"soon",9]', '[1,null,null,null,1,9]', 'null']) {
      await server.ask('HSET', key, 'one', odd);
      expect(await isCopied(process, 'ada', 'one')).toBe(false);
    }
  });

  it('keep users apart whatever they are called', async () => {
    const process = await started(server);
    const odd = ['{ada}', 'a}b{c', 'ada:one', 'ada one', '%7Bada%7D', 'ädä🦉', '\ud800'];
    for (const user of odd) await copy(process, user, `of ${user}`);
    await process.copies.drop({ userId: '{ada}' });
    const left = [];
    for (const user of odd) if (await isCopied(process, user, `of ${user}`)) left.push(user);
    expect(left).toEqual(odd.slice(1));
  });

  it('are not read where they are only to be dropped, and dropped all the same', async () => {
    const reader = await started(server);
    const silent = await started(server, { reads: false });
    await copy(reader, 'ada', 'one');
    expect(await silent.copies.find(KEY)).toEqual({});
    await silent.copies.drop(KEY);
    expect(await isCopied(reader, 'ada', 'one')).toBe(false);
  });

  it('that are lost are refused where nobody else may answer', async () => {
    const process = await started(server, { whenLost: 'refuse' });
    await copy(process, 'ada', 'one');
    await server.kill();
    const refused = { code: 'unavailable', reason: 'store_failed' };
    await expect(process.copies.find(KEY)).rejects.toMatchObject(refused);
    await expect(process.copies.find(KEY)).rejects.toMatchObject(refused);
  });
});
