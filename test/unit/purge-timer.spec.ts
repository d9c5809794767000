import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PurgeSchedule } from '../../src/options/purge-options.js';
import { PurgeTimer } from '../../src/sessions/purge-timer.js';
import type { SessionRegistry } from '../../src/sessions/session-registry.js';
import { DAY, MINUTE } from '../support/times.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the purge timer', () => {
  const schedule: PurgeSchedule = { every: MINUTE, batch: 10, retention: DAY };

  function timerOver(purge: SessionRegistry['purge'], given = schedule) {
    const failures: unknown[] = [];
    const registry = { purge: vi.fn(purge) };
    const timer = new PurgeTimer(registry as unknown as SessionRegistry, given, {
      failed: (_kind, error) => failures.push(error),
      succeeded: () => {},
    });
    return { timer, purge: registry.purge, failures };
  }

  it('purges once every interval, from the first interval on', async () => {
    const { timer, purge } = timerOver(async () => 0);
    timer.start();
    await vi.advanceTimersByTimeAsync(MINUTE - 1);
    expect(purge).toHaveBeenCalledTimes(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(purge).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(3 * MINUTE);
    expect(purge).toHaveBeenCalledTimes(4);
    await timer.stop();
  });

  it('never purges if the app does so itself', async () => {
    const { timer, purge } = timerOver(async () => 0, { ...schedule, every: null });
    timer.start();
    await vi.advanceTimersByTimeAsync(DAY);
    expect(purge).toHaveBeenCalledTimes(0);
    await timer.stop();
  });

  it('starts no run while one is under way', async () => {
    const { timer, purge } = timerOver(() => new Promise((done) => setTimeout(() => done(0), 3.5 * MINUTE)));
    timer.start();
    await vi.advanceTimersByTimeAsync(4 * MINUTE);
    expect(purge).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(purge).toHaveBeenCalledTimes(2);
  });

  it('tells of a run that failed, and tries again', async () => {
    const fault = new Error('the database is away');
    const { timer, purge, failures } = timerOver(() => Promise.reject(fault));
    timer.start();
    await vi.advanceTimersByTimeAsync(2 * MINUTE);
    expect(failures).toEqual([fault, fault]);
    expect(purge).toHaveBeenCalledTimes(2);
    await timer.stop();
  });

  it('tells a run under way to end, waits for it, and stops for good', async () => {
    let finish: () => void = () => {};
    const { timer, purge } = timerOver(
      () =>
        new Promise((done) => {
          finish = () => done(0);
        }),
    );
    timer.start();
    await vi.advanceTimersByTimeAsync(MINUTE);
    const signal = purge.mock.calls[0]?.[0]?.signal;
    expect(signal?.aborted).toBe(false);
    let stopped = false;
    const stopping = timer.stop().then(() => {
      stopped = true;
    });
    await vi.advanceTimersByTimeAsync(DAY);
    expect({ stopped, told: signal?.aborted }).toEqual({ stopped: false, told: true });
    finish();
    await stopping;
    expect(purge).toHaveBeenCalledTimes(1);
  });
});
