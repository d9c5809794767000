import { setTimeout as wait } from 'node:timers/promises';
import { steadyTime } from '../clock.js';
import type { PurgeRound, SessionStore } from './session-store.js';

/** The rest after each batch, as a multiple of its duration: with 9, purge works for a tenth of the time. */
const REST = 9;

/** How the rests are timed. */
export interface Pacing {
  now(): number;
  /** Resolves after so many milliseconds, or rejects as soon as the signal is aborted. */
  pause(milliseconds: number, signal: AbortSignal | undefined): Promise<unknown>;
}

/** Rests in real time. */
export const PACING: Pacing = {
  now: steadyTime,
  pause: (milliseconds, signal) => wait(milliseconds, undefined, { signal }),
};

/**
 * Deletes dead rows in batches, with rests between them, until none is left or the signal is aborted. Resolves to the
 * number of deleted rows.
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
    // Only an aborted signal ends the rest early, and the loop's condition looks at that next.
    await pause(REST * (now() - startedAt), signal).catch(() => {});
  }
  return count;
}
