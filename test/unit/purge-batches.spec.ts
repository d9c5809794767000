import { describe, expect, it } from 'vitest';
import { PACING, type Pacing, purgeInBatches } from '../../src/sessions/purge-batches.js';
import type { PurgeOutcome } from '../../src/sessions/session-store.js';
import { DAY } from '../support/times.js';

const ROUND = { at: 0, deadBefore: 0, idleTimeout: null, limit: 10 };
const FULL: PurgeOutcome = { deleted: 10, visited: 10 };

/** A store whose batches take 20 ms each on the clock of the pacing, and what was done when. */
function storeOf(...batches: PurgeOutcome[]) {
  const steps: string[] = [];
  let now = 0;
  const purge = async (): Promise<PurgeOutcome> => {
    steps.push(`batch at ${now}`);
    now += 20;
    return batches.shift() ?? { deleted: 0, visited: 0 };
  };
  const pause = async (milliseconds: number) => {
    now += milliseconds;
  };
  return { store: { purge }, pacing: { now: () => now, pause } satisfies Pacing, steps };
}

describe('a purge in batches', () => {
  it('rests nine times as long as each full batch took, and not after the last', async () => {
    const { store, pacing, steps } = storeOf(FULL, { deleted: 7, visited: 10 }, { deleted: 3, visited: 4 });
    expect(await purgeInBatches(store, ROUND, undefined, pacing)).toBe(20);
    expect(steps).toEqual(['batch at 0', 'batch at 200', 'batch at 400']);
    expect(pacing.now()).toBe(420);
  });

  it('ends after the batch under way when it is told to', async () => {
    const { store, pacing, steps } = storeOf(FULL, FULL, FULL);
    const stop = new AbortController();
    const purge = () => store.purge().finally(() => steps.length === 2 && stop.abort());
    expect(await purgeInBatches({ purge }, ROUND, stop.signal, pacing)).toBe(20);
    expect(steps).toHaveLength(2);
  });

  it('ends in the middle of a rest, and begins nothing once it was told', async () => {
    const stop = new AbortController();
    let now = 0;
    const purge = async () => {
      now += DAY;
      setImmediate(() => stop.abort());
      return FULL;
    };
    const pacing: Pacing = { ...PACING, now: () => now };
    expect(await purgeInBatches({ purge }, ROUND, stop.signal, pacing)).toBe(10);
    expect(await purgeInBatches({ purge }, ROUND, stop.signal, pacing)).toBe(0);
  });
});
