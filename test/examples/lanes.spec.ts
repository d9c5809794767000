import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Lanes } from '../../examples/users/lanes.js';

const REFUSED = new Error('too many');

let lanes: Lanes;
/** The works that run, in the order they began: each ends when it is called. */
let running: (() => void)[];

const run = () => lanes.run(() => new Promise<void>((resolve) => running.push(resolve)));
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  running = [];
  lanes = new Lanes({ lanes: 2, patience: 2_000, room: 3, refusal: () => REFUSED });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('works', () => {
  it('run so many at once, and in the order they came', async () => {
    const done: number[] = [];
    const works = [0, 1, 2, 3].map((number) => run().then(() => done.push(number)));
    for (let ended = 0; ended < works.length; ended++) {
      await settle();
      expect(running.length).toBe(Math.min(ended + 2, works.length));
      running[ended]?.();
    }
    await Promise.all(works);
    expect(done).toEqual([0, 1, 2, 3]);
  });

  it('that get no turn in time are refused, and hold up nobody behind them', async () => {
    const works = [run(), run()];
    const late = run();
    const refused = expect(late).rejects.toBe(REFUSED);
    await vi.advanceTimersByTimeAsync(1_000);
    works.push(run());
    await vi.advanceTimersByTimeAsync(1_000);
    await refused;
    running[0]?.();
    await settle();
    expect(running).toHaveLength(3);
    for (const end of running) end();
    await Promise.all(works);
  });

  it('for whom there is no room are refused at once', async () => {
    const works = Array.from({ length: 5 }, run);
    await expect(run()).rejects.toBe(REFUSED);
    for (let ended = 0; ended < works.length; ended++) {
      await settle();
      running[ended]?.();
    }
    await Promise.all(works);
    const next = run();
    await settle();
    running.at(-1)?.();
    await next;
  });

  it('that fail leave their lane', async () => {
    const fail = () => lanes.run(() => Promise.reject(new Error('broken')));
    for (const _attempt of [1, 2, 3]) await expect(fail()).rejects.toThrow('broken');
    const next = [run(), run()];
    await settle();
    expect(running).toHaveLength(2);
    for (const end of running) end();
    await Promise.all(next);
  });
});
