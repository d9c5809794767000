import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TestClock } from '../../../src/testing/test-clock.js';
import { DAY } from '../../support/times.js';
import { CountedStore, Process, settled } from './live-processes.js';

let store: CountedStore;
let clock: TestClock;
let here: Process;
let there: Process;

beforeEach(() => {
  // On a busy machine a second passes within a test: nothing ticks but by hand.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  store = new CountedStore();
  clock = new TestClock();
  here = new Process(store, clock);
  there = new Process(store, clock);
});

afterEach(async () => {
  await Promise.all([here.live.stop(), there.live.stop()]);
  vi.useRealTimers();
});

/** Delivers what one process sent to the other. */
function deliver(from: Process, to: Process): void {
  for (const message of from.wire.sent.splice(0)) to.wire.listener?.heard(message);
}

describe('several processes', () => {
  it('send each other word, and name the user alone', async () => {
    const own = await here.open();
    const { heard } = await here.watch(own);
    here.wire.listener?.up();
    await settled();
    await there.registry.revoke('ada', own);
    await settled();
    expect(heard).toEqual([]);
    expect(there.wire.sent.map((message) => message.split(' ').at(-1))).toEqual(['ada']);
    deliver(there, here);
    await settled();
    expect(heard).toEqual(['session.revoked own revoked']);
  });

  it('do not read twice for their own word', async () => {
    await here.watch(await here.open());
    await here.open();
    await settled();
    store.readings = [];
    deliver(here, here);
    await settled();
    expect(store.readings).toEqual([]);
  });

  it('reach everybody if everybody is concerned', async () => {
    const [ada, grace] = [await here.open(), await here.open('grace')];
    const watching = [await here.watch(ada), await here.watch(grace, { userId: 'grace' })];
    here.wire.listener?.up();
    await settled();
    await there.registry.revokeEverybody();
    deliver(there, here);
    await settled();
    for (const { heard } of watching) expect(heard).toEqual(['session.revoked own revoked_all']);
  });

  it('find by themselves what no word came of: at the next tick without a feed, and from time to time with one', async () => {
    const own = await here.open();
    const { heard } = await here.watch(own);
    here.wire.listener?.up();
    await settled();
    await there.registry.revoke('ada', own);
    for (let n = 0; n < 100; n++) here.live.tick();
    await settled();
    expect(heard).toEqual([]);
    for (let n = 0; n < 250; n++) here.live.tick();
    await settled();
    expect(heard).toEqual(['session.revoked own revoked']);

    const alone = new Process(store, clock, false);
    const second = await alone.open();
    const watching = await alone.watch(second);
    await there.registry.revoke('ada', second);
    alone.live.tick();
    await settled();
    expect(watching.heard).toEqual(['session.revoked own revoked']);
    await alone.live.stop();
  });

  it('read again once word can be heard again', async () => {
    const own = await here.open();
    const { heard } = await here.watch(own);
    here.wire.listener?.up();
    await settled();
    here.wire.listener?.down();
    await there.registry.revoke('ada', own);
    here.wire.listener?.up();
    await settled();
    expect(heard).toEqual(['session.revoked own revoked']);
  });

  it('make sure every thirty ticks that word is heard', async () => {
    await here.watch(await here.open());
    for (let n = 0; n < 29; n++) here.live.tick();
    expect(here.wire.proofs).toBe(0);
    for (let n = 0; n < 31; n++) here.live.tick();
    expect(here.wire.proofs).toBe(2);
  });

  it('try again if the rows could not be read', async () => {
    const own = await here.open();
    const { heard } = await here.watch(own);
    here.wire.listener?.up();
    await settled();
    store.isAway = true;
    await here.registry.revoke('ada', own);
    await settled();
    store.isAway = false;
    here.live.tick();
    await settled();
    expect(heard).toEqual(['session.revoked own revoked']);
  });

  it('read a bounded number of users in a tick, each in turn', async () => {
    const alone = new Process(store, clock, false);
    for (let n = 0; n < 450; n++) await alone.watch(await alone.open(`user-${n}`), { userId: `user-${n}` });
    const read: string[][] = [];
    for (let n = 0; n < 3; n++) {
      store.readings = [];
      alone.live.tick();
      await settled();
      read.push(store.readings);
    }
    expect(read.map(({ length }) => length)).toEqual([200, 200, 200]);
    expect(new Set(read.flat()).size).toBe(450);
    await alone.live.stop();
  });

  it('see an end by time, when they read', async () => {
    const alone = new Process(store, clock, false);
    const own = await alone.open();
    const { heard } = await alone.watch(own);
    clock.advance(DAY + 1);
    alone.live.tick();
    await settled();
    expect(heard).toEqual(['session.revoked own idle']);
    await alone.live.stop();
  });
});
