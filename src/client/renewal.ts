import { now } from './clock.js';
import { type Locks, platform } from './platform.js';
import { ask, type Send } from './requests.js';
import type { SessionClientError } from './session-client-error.js';
import { type Grant, recordOf, type SessionRecord } from './session-record.js';
import type { Change } from './session-store.js';
import { pause, spread } from './waiting.js';

/**
 * Resolves to what is there in the place of `seen`, which is too old: the tokens of this renewal or of another tab, or
 * what is left of a session that is over. Throws SessionClientError where no answer was had that counts.
 */
export type Renew = (seen: SessionRecord) => Promise<SessionRecord>;

/**
 * One renewal at a time: for all requests of this tab, and for all tabs where the browser has locks. `refused` gives
 * what is left of a session that is over.
 */
export function createRenewal(lock: string, change: Change, send: Send, refused: () => Promise<SessionRecord>): Renew {
  let running: Promise<SessionRecord> | undefined;

  async function attempt(seen: SessionRecord): Promise<SessionRecord> {
    const { renewAt, refresh_token } = await change();
    if (renewAt !== seen.renewAt) return change();
    // In a cookie it goes by itself.
    const body = (refresh_token && { refresh_token }) as object | undefined;
    const next = await ask<Grant>(send, {}, 'POST', '/auth/refresh', 'session', body, 5_000).then(recordOf, (error) => {
      // By the code: a proxy may answer 401, too, and knows nothing of the session.
      if (/^invalid/.test(error.code)) return refused();
      throw error;
    });
    // A sign-out meanwhile stands, and so does what another tab has got.
    return change((latest) => (latest.renewAt === renewAt ? next : latest));
  }

  async function renew(seen: SessionRecord): Promise<SessionRecord> {
    const end = now() + 10_000;
    for (let wait = 500; ; wait *= 2) {
      try {
        return await alone(lock, () => attempt(seen));
      } catch (error) {
        const { status = 500, retryAfter = 0 } = error as SessionClientError;
        const delay = spread(wait) + retryAfter * 1000;
        if (status < 429 || now() + delay > end) throw error;
        await pause(delay);
      }
    }
  }

  return (seen) =>
    (running ??= renew(seen).finally(() => {
      running = undefined;
    }));
}

/** Does the work under a lock. Where there is none to be had in time it is done without: the server allows for that. */
async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  let begun: Promise<T> | undefined;
  const begin = () => (begun ??= work());
  try {
    // Fails where a browser lacks any of it, too.
    const signal = AbortSignal.timeout(5_000);
    return await (platform.navigator as { locks: Locks }).locks.request(name, { signal }, begin);
  } catch {
    return begin();
  }
}
