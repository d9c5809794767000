import { platform } from './platform.js';
import type { TokenStorage } from './session-client.js';
import type { SessionRecord } from './session-record.js';

/**
 * Replaces the record in the storage by the result of `decide`, and resolves to that; only reads if it is the same.
 * Runs one step at a time.
 */
export type Access = (decide?: (current: SessionRecord) => SessionRecord) => Promise<SessionRecord>;

/** `notice` is called with each record that is read or written, here or by another tab with the same `localStorage`. */
export function createSessionStore(
  key: string,
  given: TokenStorage | undefined,
  notice: (record: SessionRecord) => void,
): Access {
  let storage = given as TokenStorage;
  /** The content of the storage as last seen; the only copy if there is no storage. */
  let known: SessionRecord = {};
  let last: Promise<SessionRecord> = Promise.resolve({});
  try {
    storage ??= platform.localStorage as TokenStorage;
  } catch {
    // Access is forbidden.
  }

  async function step(decide: (current: SessionRecord) => SessionRecord): Promise<SessionRecord> {
    try {
      known = JSON.parse((await storage.getItem(key)) as string) ?? {};
    } catch {
      // Missing, not readable now, or not a record.
    }
    const next = decide(known);
    if (next !== known) {
      known = next;
      try {
        await storage.setItem(key, JSON.stringify(next));
      } catch {
        // Full, or forbidden. The tokens that are stored now would look stolen the next time.
        await storage?.removeItem?.(key);
        storage = {} as TokenStorage;
      }
    }
    notice(next);
    return next;
  }

  return (decide = (current) => current) => {
    const next = () => step(decide);
    // One after the other, or a slow storage would return outdated content.
    last = last.then(next, next);
    return last;
  };
}
