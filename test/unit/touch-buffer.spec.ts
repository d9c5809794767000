import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionLimits } from '../../src/options/session-options.js';
import type { Touch, TouchRound } from '../../src/sessions/session-store.js';
import { TouchBuffer } from '../../src/sessions/touch-buffer.js';
import { MemorySessionStore } from '../../src/storage/memory/memory-session.store.js';
import { TestClock } from '../../src/testing/test-clock.js';
import { HOUR, MINUTE, SECOND } from '../support/times.js';

const CLIENT = { userAgent: 'Notes/2.0', ip: '192.0.2.9' };
const LIMITS: SessionLimits = {
  ...{ absoluteTimeout: 10 * HOUR, idleTimeout: HOUR, reuseInterval: 0, touchInterval: MINUTE },
  ...{ maxSessions: null, whenFull: 'evict' },
};

/** A store that keeps what it is told to write, and says it wrote all of it. */
class Notebook extends MemorySessionStore {
  readonly rounds: TouchRound[] = [];
  readonly batches: string[][] = [];
  readonly touches: Touch[] = [];
  fault: Error | undefined;

  override async touch(touches: readonly Touch[], round: TouchRound): Promise<number> {
    this.rounds.push(round);
    this.batches.push(touches.map(({ guid }) => guid));
    this.touches.push(...touches);
    await this.held;
    if (this.fault) throw this.fault;
    return touches.length;
  }

  held: Promise<void> | undefined;

  /** Every write waits until it is released. */
  hold(): { release: () => void } {
    let release = () => {};
    this.held = new Promise((done) => {
      release = done;
    });
    return { release };
  }
}

let clock: TestClock;
let store: Notebook;
let buffer: TouchBuffer;

const keyOf = (guid: string) => ({ userId: 'ada', guid });
/** Notes a session whose last write is so long ago. */
const note = (guid: string, age = HOUR) => {
  if (buffer.isDue(keyOf(guid), clock.now() - age)) buffer.note(keyOf(guid), CLIENT);
};

beforeEach(() => {
  vi.useFakeTimers();
  clock = new TestClock();
  store = new Notebook();
  buffer = new TouchBuffer(store, LIMITS, clock);
});
afterEach(() => void vi.useRealTimers());

describe('a noted touch', () => {
  it('is written with the time and the client of its note, and by the limits of the time it is written', async () => {
    const at = clock.now();
    note('one');
    clock.advance(30 * SECOND);
    expect(await buffer.flush()).toBe(1);
    expect(store.touches).toEqual([{ ...keyOf('one'), ...CLIENT, at }]);
    const now = clock.now();
    expect(store.rounds).toEqual([{ touchInterval: MINUTE, at: now, idleBefore: now - HOUR }]);
  });

  it.each([
    [-1, 0],
    [0, 1],
    [1, 1],
  ])('counts from touchInterval after the last write on (%i ms)', async (offset, written) => {
    note('one', MINUTE + offset);
    expect(await buffer.flush()).toBe(written);
  });

  it('stays the first one of its session until it is written', async () => {
    const at = clock.now();
    note('one');
    clock.advance(SECOND);
    note('one');
    note('two');
    expect(await buffer.flush()).toBe(2);
    expect(store.touches.map((touch) => [touch.guid, touch.at])).toEqual([
      ['one', at],
      ['two', at + SECOND],
    ]);
    expect(await buffer.flush()).toBe(0);
  });

  it('is not written again within touchInterval, though nobody read the row meanwhile', async () => {
    note('one');
    expect(await buffer.flush()).toBe(1);
    clock.advance(MINUTE - 1);
    note('one');
    expect(await buffer.flush()).toBe(0);
    clock.advance(1);
    note('one');
    expect(await buffer.flush()).toBe(1);
  });

  it('is written with the next one if it could not be written before', async () => {
    store.fault = new Error('away');
    note('one');
    await expect(buffer.flush()).rejects.toThrow('away');
    store.fault = undefined;
    note('one');
    expect(await buffer.flush()).toBe(1);
  });

  it.each([
    [0, []],
    [1, [1]],
    [100, [100]],
    [101, [100, 1]],
    [250, [100, 100, 50]],
  ])('goes with others, a hundred at a time (%i)', async (count, batches) => {
    const guids = Array.from({ length: count }, (_, index) => `session ${index}`);
    for (const guid of guids) note(guid);
    expect(await buffer.flush()).toBe(count);
    expect(store.batches.map(({ length }) => length)).toEqual(batches);
    expect(store.batches.flat()).toEqual(guids);
  });
});

describe('the buffer of touches', () => {
  it('writes by itself a second after the first note, without anybody asking', async () => {
    note('one');
    await vi.advanceTimersByTimeAsync(SECOND / 2);
    note('two');
    await vi.advanceTimersByTimeAsync(SECOND / 2 - 1);
    expect(store.batches).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(store.batches).toEqual([['one', 'two']]);
  });

  it('does so again after each write, and has nothing to do in between', async () => {
    note('one');
    await vi.advanceTimersByTimeAsync(SECOND);
    expect(vi.getTimerCount()).toBe(0);
    clock.advance(MINUTE);
    note('one');
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(SECOND);
    expect(store.batches).toEqual([['one'], ['one']]);
  });

  it('has nothing left to do once it was asked to write', async () => {
    note('one');
    await buffer.flush();
    expect(vi.getTimerCount()).toBe(0);
    note('two');
    await vi.advanceTimersByTimeAsync(SECOND - 1);
    expect(store.batches).toEqual([['one']]);
  });

  it('waits for nothing where nothing is due', () => {
    note('one', MINUTE - 1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keeps no process running', () => {
    vi.useRealTimers();
    const started = vi.spyOn(globalThis, 'setTimeout');
    note('one');
    const timer = started.mock.results[0]?.value as NodeJS.Timeout;
    started.mockRestore();
    expect(timer.hasRef()).toBe(false);
    clearTimeout(timer);
  });

  it('loses what a failing store could not write, and says so only to who asked', async () => {
    store.fault = new Error('the database is away');
    note('one');
    await vi.advanceTimersByTimeAsync(SECOND);
    expect(store.batches).toEqual([['one']]);
    note('two');
    await expect(buffer.flush()).rejects.toBe(store.fault);
    store.fault = undefined;
    expect(await buffer.flush()).toBe(0);
  });
});

describe('many sessions at once', () => {
  it('are noted up to a bound, so that a slow database does not fill the memory', async () => {
    for (let count = 0; count < 10_001; count++) note(`session ${count}`);
    expect(await buffer.flush()).toBe(10_000);
    note('session 10000');
    expect(await buffer.flush()).toBe(1);
  });

  it('are written by one flush at a time: what comes meanwhile waits for its end', async () => {
    note('one');
    const slow = store.hold();
    await vi.advanceTimersByTimeAsync(1_000);
    note('two');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(store.touches.map(({ guid }) => guid)).toEqual(['one']);
    slow.release();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(store.touches.map(({ guid }) => guid)).toEqual(['one', 'two']);
  });
});
