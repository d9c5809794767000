import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Clock, SystemClock } from '../../../src/clock.js';
import { ClockWatch } from '../../../src/faults/clock-watch.js';
import { FaultLog } from '../../../src/faults/fault-log.js';
import { TestClock } from '../../../src/testing/test-clock.js';
import { MINUTE, SECOND } from '../../support/times.js';

let clock: TestClock;
let lines: string[];
let log: FaultLog;
/** How far the clock of the database is ahead, and how long an answer takes. */
let ahead: number;
let trip: number;

beforeEach(() => {
  clock = new TestClock();
  lines = [];
  log = new FaultLog((level, line) => lines.push(`${level} ${line}`), clock);
  ahead = 0;
  trip = 0;
});
afterEach(() => log.stop());

/** The database reads its clock when half of the time is over. */
async function databaseTime(): Promise<number> {
  clock.advance(trip / 2);
  const time = clock.now() + ahead;
  clock.advance(trip / 2);
  return time;
}
async function measure(): Promise<string[]> {
  await new ClockWatch(databaseTime, clock, log).measure();
  await new Promise(setImmediate);
  log.tick();
  return lines;
}

describe("a clock held against the database's", () => {
  it('that is right is not mentioned, nor one that is seconds off', async () => {
    for (const difference of [0, 4_900, -4_900]) {
      ahead = difference;
      expect(await measure()).toEqual([]);
    }
  });

  it('that is off is told of once, by how much and which way, and again when it is right', async () => {
    ahead = -7_250;
    await measure();
    await measure();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^warn The clock is off: it is 7\.3 s ahead of the database's\. .*NTP/);
    ahead = 0;
    await measure();
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^warn The clock is no longer off/);
  });

  it('that is off by more than the tolerance is told of loudly: tokens are refused', async () => {
    ahead = 5 * MINUTE;
    expect((await measure())[0]).toMatch(
      /^error The clock is wrong: it is 300\.0 s behind the database's\. .*refuse each other's tokens/,
    );
  });

  it('is not blamed for an answer that took long', async () => {
    trip = 30 * SECOND;
    expect(await measure()).toEqual([]);
    ahead = 10 * SECOND;
    expect(await measure()).toEqual([]);
    ahead = 21 * SECOND;
    expect((await measure())[0]).toContain('it is 21.0 s behind');
  });

  it('is not judged if the database does not answer: that is a fault of the store', async () => {
    await new ClockWatch(() => Promise.reject(new Error('away')), clock, log).measure();
    expect(lines[0]).toMatch(/^error The session store fails: away, first at reading the database's clock/);
  });
});

describe('the watch', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function asked(of: Clock): () => number {
    let count = 0;
    const watch = new ClockWatch(
      async () => {
        count += 1;
        return of.now();
      },
      of,
      log,
    );
    watch.start();
    vi.advanceTimersByTime(3 * MINUTE);
    watch.stop();
    vi.advanceTimersByTime(3 * MINUTE);
    return () => count;
  }

  it('measures at start and once a minute until it is stopped', () => {
    expect(asked(new SystemClock())()).toBe(4);
  });

  it('leaves a clock of the app alone', () => {
    expect(asked(clock)()).toBe(0);
  });

  it('has no timer if the database has no clock of its own', () => {
    new ClockWatch(undefined, new SystemClock(), log).start();
    expect(vi.getTimerCount()).toBe(0);
  });
});
