import { setTimeout as wait } from 'node:timers/promises';
import { steadyTime } from '../clock.js';
import type { PurgeRound, SessionStore } from './session-store.js';

/** How long it rests after a batch, in times of what the batch took: a tenth of the time is all that requests feel. */
const REST = 9;

/** Time, as the rests know it. */
export interface Pacing {
  now(): number;
  /** Takes so many milliseconds, or fails as soon as the signal is aborted. */
  pause(milliseconds: number, signal: AbortSignal | undefined): Promise<unknown>;
}

/** Time as it is. */
export const PACING: Pacing = {
  now: steadyTime,
  pause: (milliseconds, signal) => wait(milliseconds, undefined, { signal }),
};

/**
 * Deletes dead rows a batch at a time, with rests between, until none is left or the signal is aborted; resolves to their
 * number.
 */
export async function purgeInBatches(
  store: Pick<SessionStore, 'purge'>,
  round: PurgeRound,
  signal?: AbortSignal,
  { now, pause }: Pacing = PACING,
): Promise<number> {
  let count = 0;
  while (!signal?.aborted) {
    const startedAt = now();
    const { deleted, visited } = await store.purge(round);
    count += deleted;
    if (visited < round.limit) break;
    // Only an aborted signal ends the rest early, and that is what is asked next.
    await pause(REST * (now() - startedAt), signal).catch(() => {});
  }
  return count;
}
