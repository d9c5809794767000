import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestClock } from '../../../src/testing/test-clock.js';
import { HOUR } from '../../support/times.js';
import { CountedStore, Process, settled } from './live-processes.js';

let store: CountedStore;
let clock: TestClock;
let here: Process;
let there: Process;

beforeEach(() => {
  store = new CountedStore();
  clock = new TestClock();
  here = new Process(store, clock);
  there = new Process(store, clock);
});

afterEach(() => Promise.all([here.live.stop(), there.live.stop()]));

describe('who watches', () => {
  it('hears of sign-ins, names and ends of the same user, and of nobody else', async () => {
    const own = await here.open();
    const { heard } = await here.watch(own);
    const other = await here.open();
    await settled();
    await here.registry.rename('ada', other, 'Kitchen');
    await settled();
    await here.registry.revoke('ada', other);
    await here.open('grace');
    await settled();
    expect(heard).toEqual([`session.opened ${other}`, `session.changed ${other}`, `session.revoked ${other} revoked`]);
  });

  it('hears the end of its own session last, with the reason', async () => {
    const own = await here.open();
    const { heard } = await here.watch(own);
    const other = await here.open();
    await settled();
    await here.registry.revokeAll('ada');
    await settled();
    expect(heard.slice(1)).toEqual([`session.revoked ${other} revoked_all`, 'session.revoked own revoked_all']);
  });

  it('hears at once that its session ended before it came', async () => {
    const own = await here.open();
    await here.registry.revoke('ada', own, 'reuse_detected');
    clock.advance(3 * HOUR);
    const { heard } = await here.watch(own);
    expect(heard).toEqual(['session.revoked own reuse_detected']);
  });

  it('hears what happened while it was away', async () => {
    const [own, former] = [await here.open(), await here.open()];
    const since = clock.now();
    clock.advance(5 * HOUR);
    const other = await here.open();
    await here.registry.revoke('ada', former);
    const { heard } = await here.watch(own, { since });
    expect(heard.sort()).toEqual(
      ['session.opened own', `session.opened ${other}`, `session.revoked ${former} revoked`].sort(),
    );
  });

  it('hears nothing once it stopped, and rows are read for nobody', async () => {
    const { heard, stop } = await here.watch(await here.open());
    stop();
    store.readings = [];
    await here.open();
    await settled();
    expect([heard, store.readings]).toEqual([[], []]);
  });

  it('is refused if the rows cannot be read, and then watches nothing', async () => {
    const own = await here.open();
    store.isAway = true;
    await expect(here.watch(own)).rejects.toThrow('the database is away');
    store.isAway = false;
    store.readings = [];
    await here.open();
    await settled();
    expect(store.readings).toEqual([]);
  });

  it('hears nothing once the app stopped, and nothing is started for it', async () => {
    const own = await here.open();
    await here.live.stop();
    store.readings = [];
    const { heard, stop } = await here.watch(own);
    await here.open();
    here.live.tick();
    await settled();
    stop();
    expect([heard, store.readings, here.wire.listener]).toEqual([[], [], undefined]);
  });

  it('costs one reading at a time, at whatever moment something happens', async () => {
    const own = await here.open();
    await here.watch(own);
    store.most = 0;
    for (let n = 0; n < 100; n++) {
      here.events.emit('opened', { userId: 'ada', guid: own, at: clock.now() });
      await Promise.resolve();
    }
    await settled();
    expect(store.most).toBe(1);
  });

  it('costs one reading for all sessions of a user, however much happens at once', async () => {
    const own = await here.open();
    const watching = await Promise.all([here.watch(own), here.watch(own), here.watch(await here.open())]);
    store.readings = [];
    for (let n = 0; n < 5; n++) await here.open();
    await settled();
    expect(store.readings.length).toBeLessThanOrEqual(5);
    for (const { heard } of watching.slice(0, 2)) expect(heard.slice(-5).every((one) => /opened/.test(one))).toBe(true);
  });
});

describe('of a user with more sessions than a page shows', () => {
  /** Signs in so many times, a millisecond apart. */
  async function openMany(count: number): Promise<string[]> {
    const guids: string[] = [];
    for (let turn = 0; turn < count; turn++) {
      clock.advance(1);
      guids.push(await here.open());
    }
    await settled();
    return guids;
  }

  it('no more is read than that page, and the one that watches', async () => {
    const own = await here.open();
    await openMany(150);
    await here.watch(own);
    store.rows = 0;
    clock.advance(1);
    await here.open();
    await settled();
    expect(store.rows).toBeLessThanOrEqual(100);
  });

  it('nobody hears of one that newer ones push out, and its end is still no sign-in', async () => {
    const own = await here.open();
    const pushed = await openMany(100);
    const { heard } = await here.watch(own);
    const newer = await openMany(2);
    expect(heard).toEqual(newer.map((guid) => `session.opened ${guid}`));
    heard.length = 0;
    await here.registry.revoke('ada', newer[0] as string);
    await settled();
    expect(heard).toEqual([`session.changed ${pushed[1]}`, `session.revoked ${newer[0]} revoked`]);
  });

  it('the end of each one in view is sent, even if more ended than fit on a page', async () => {
    const own = await here.open();
    const guids = await openMany(130);
    const { heard } = await here.watch(own);
    await here.registry.revokeOthers('ada', own);
    await settled();
    const told = heard.filter((one) => one.endsWith('revoked revoked') || one.endsWith(' revoked'));
    expect(told.sort()).toEqual(
      guids
        .slice(30)
        .map((guid) => `session.revoked ${guid} revoked`)
        .sort(),
    );
    heard.length = 0;
    await here.registry.revoke('ada', own);
    await settled();
    expect(heard).toEqual(['session.revoked own revoked']);
  });
});
