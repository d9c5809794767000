import { platform } from './platform.js';
import type { TokenStorage } from './session-client.js';
import type { SessionRecord } from './session-record.js';

/**
 * Puts in the place of the record in the storage what `decide` makes of it, and resolves to that; reads, where that is
 * the same. One step at a time.
 */
export type Change = (decide?: (current: SessionRecord) => SessionRecord) => Promise<SessionRecord>;

/** `notice` is called with each record that is read or written, here or by another tab of the same `localStorage`. */
export function createSessionStore(
  key: string,
  given: TokenStorage | undefined,
  notice: (record: SessionRecord) => void,
): Change {
  let storage = given as TokenStorage;
  /** What is in the storage, as it was last seen; all there is where there is none. */
  let known: SessionRecord = {};
  let last: Promise<SessionRecord> = Promise.resolve({});
  try {
    storage ??= platform.localStorage as TokenStorage;
  } catch {
    // Forbidden.
  }

  async function step(decide: (current: SessionRecord) => SessionRecord): Promise<SessionRecord> {
    try {
      known = JSON.parse((await storage.getItem(key)) as string) ?? {};
    } catch {
      // Not there, not now, or no record.
    }
    const next = decide(known);
    if (next !== known) {
      known = next;
      try {
        await storage.setItem(key, JSON.stringify(next));
      } catch {
        // Full, or forbidden. What is there now would pass for a stolen token the next time.
        await storage?.removeItem?.(key);
        storage = {} as TokenStorage;
      }
    }
    notice(next);
    return next;
  }

  return (decide = (current) => current) => {
    const next = () => step(decide);
    // One after the other, or a slow storage would answer with what was there before.
    last = last.then(next, next);
    return last;
  };
}
