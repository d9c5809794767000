import { setTimeout as wait } from 'node:timers/promises';
import { steadyTime } from '../clock.js';
import type { PurgeRound, SessionStore } from './session-store.js';

/** How long it rests after a batch, in times of what the batch took: a quarter of the work is all that requests feel. */
const REST = 3;

/** Deletes dead rows a batch at a time, with rests between, until none is left; resolves to their number. */
export async function purgeInBatches(
  store: Pick<SessionStore, 'purge'>,
  round: PurgeRound,
  pause: (milliseconds: number) => Promise<unknown> = wait,
): Promise<number> {
  let count = 0;
  for (;;) {
    const startedAt = steadyTime();
    const { deleted, visited } = await store.purge(round);
    count += deleted;
    if (visited < round.limit) return count;
    await pause(REST * (steadyTime() - startedAt));
  }
}
