import { describe, expect, it } from '@jest/globals';
import { purgeInBatches } from '../../src/sessions/purge-batches.js';
import type { PurgeOutcome } from '../../src/sessions/session-store.js';

const ROUND = { at: 0, deadBefore: 0, idleTimeout: null, limit: 10 };

describe('a purge in batches', () => {
  it('rests after every full batch, and not after the last', async () => {
    const batches = [
      { deleted: 10, visited: 10 },
      { deleted: 7, visited: 10 },
      { deleted: 3, visited: 4 },
    ];
    const steps: string[] = [];
    const store = {
      purge: async (): Promise<PurgeOutcome> => {
        steps.push('batch');
        return batches.shift() ?? { deleted: 0, visited: 0 };
      },
    };
    const pause = async (milliseconds: number) => void steps.push(milliseconds > 0 ? 'rest' : 'nothing');
    expect(await purgeInBatches(store, ROUND, pause)).toBe(20);
    expect(steps).toEqual(['batch', 'rest', 'batch', 'rest', 'batch']);
  });
});
