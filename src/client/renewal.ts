import { now } from './clock.js';
import { type Locks, platform } from './platform.js';
import { ask, type Send } from './requests.js';
import type { SessionClientError } from './session-client-error.js';
import { type Grant, recordOf, type SessionRecord } from './session-record.js';
import type { Access } from './session-store.js';
import { pause, spread } from './waiting.js';

/**
 * Resolves to what replaces `seen`, which is too old: the tokens of this renewal or of another tab, or what remains of
 * a session that has ended. Throws SessionClientError if no valid answer arrived.
 */
export type Renew = (seen: SessionRecord) => Promise<SessionRecord>;

/**
 * Runs one renewal at a time: for all requests of this tab, and for all tabs if the browser has locks. `refused`
 * returns what remains of a session that has ended.
 */
export function createRenewal(lock: string, access: Access, send: Send, refused: () => Promise<SessionRecord>): Renew {
  let running: Promise<SessionRecord> | undefined;

  async function attempt(seen: SessionRecord): Promise<SessionRecord> {
    const { renewAt, refresh_token } = await access();
    if (renewAt !== seen.renewAt) return access();
    // A cookie is sent by the browser itself.
    const body = (refresh_token && { refresh_token }) as object | undefined;
    const next = await ask<Grant>(send, {}, 'POST', '/auth/refresh', 'session', body, 5_000).then(recordOf, (error) => {
      // Decided by the code: a proxy may answer 401, too, and knows nothing about the session.
      if (/^invalid/.test(error.code)) return refused();
      throw error;
    });
    // A sign-out meanwhile takes precedence, and so do tokens that another tab has received.
    return access((latest) => (latest.renewAt === renewAt ? next : latest));
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

/** Does the work under a lock. If no lock is available in time, it is done without one: the server allows for that. */
async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  let begun: Promise<T> | undefined;
  const begin = () => (begun ??= work());
  try {
    // Also fails if the browser lacks any of these.
    const signal = AbortSignal.timeout(5_000);
    return await (platform.navigator as { locks: Locks }).locks.request(name, { signal }, begin);
  } catch {
    return begin();
  }
}
