import type { Cutoff, Place, SessionStore } from '../sessions/session-store.js';

/** Stores a cutoff and ends all sessions that it covers, like the registry but without retries. Resolves to their number. */
export async function cutOffWhole(store: SessionStore, cutoff: Cutoff): Promise<number> {
  const { reason, at, idleBefore, userId } = cutoff;
  const { mark, ended } = await store.cutOff(cutoff);
  let [count, after]: [number, Place | undefined] = [ended, undefined];
  do {
    const outcome = await store.endBatch({ userId, mark, reason, at, idleBefore }, after);
    count += outcome.ended;
    after = outcome.next;
  } while (after);
  return count;
}

/** The page to request in order to get all sessions of a user. */
export function wholePage(at: number, idleBefore = 0) {
  return { at, idleBefore, limit: 1_000 };
}
