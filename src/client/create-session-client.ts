import { emit, type Listeners, listen } from './listeners.js';
import { createLive } from './live.js';
import { platform } from './platform.js';
import { createRenewal } from './renewal.js';
import { ask, createRequests } from './requests.js';
import type { SessionClient, SessionClientOptions, SessionNews, SignedOutReason } from './session-client.js';
import type { SessionClientError } from './session-client-error.js';
import { createSessionFetch } from './session-fetch.js';
import { type Grant, recordOf, type SessionRecord } from './session-record.js';
import { createSessionStore } from './session-store.js';
import { createSessions } from './sessions.js';
import { pause, wake } from './waiting.js';

/** Creates a client for the routes of this library: it keeps the tokens of one session, and renews them when needed. */
export function createSessionClient(options: SessionClientOptions = {}): SessionClient {
  const { key = 'session' } = options;
  const signedIn: Listeners<void> = new Set();
  const signedOut: Listeners<SignedOutReason> = new Set();
  const watchers: Listeners<SessionNews> = new Set();
  let known: SessionRecord | undefined;
  const access = createSessionStore(key, options.storage, (record) => {
    // What is found at the first look is not news.
    if (known && known.guid !== record.guid) {
      if (record.guid) emit(signedIn);
      else emit(signedOut, record.ended ?? 'unknown');
    }
    known = record;
    // Follows the news while there is a session, and somebody listens to them or to its end.
    follow(signedOut.size + watchers.size ? record.guid : undefined);
  });
  /** Forgets the session, if it is the one with this guid. */
  const end = async (ended: SignedOutReason, guid = known?.guid) => {
    await access((current) => (current.guid === guid ? { ended } : current));
  };
  const [sendAs, isOwn] = createRequests(options);
  const renew = createRenewal(`${key}-renewal`, access, sendAs, async () => {
    // The news contains the reason, and will arrive soon.
    if (state()) await pause(3_000);
    return { ended: 'unknown' };
  });
  const send = createSessionFetch(sendAs, isOwn, access, renew);
  const [follow, state] = createLive(key, send, watchers, end);
  platform.addEventListener?.('storage', () => access());
  for (const type of ['online', 'offline', 'visibilitychange']) platform.addEventListener?.(type, wake);

  return {
    async login(credentials) {
      const grant = await ask<Grant>(sendAs, await access(), 'POST', '/auth/login', 'session', credentials);
      await access(() => recordOf(grant));
      return grant.session;
    },
    signedIn: async () => !!(await access()).guid,
    fetch: send,
    sessions: {
      ...createSessions((...request) => ask(send, {}, ...request), end),
      watch: (listener) => listen(watchers, listener, access, state()),
    },
    async logout() {
      const session = await access();
      await ask(sendAs, session, 'POST', '/auth/logout').catch((error: SessionClientError) => {
        // A token that the server cannot verify cannot sign out anything, and is useless anyway. A proxy's 401 has no
        // such code.
        if (error.code !== 'signed_out') throw error;
      });
      await end('signed_out', session.guid);
    },
    onSignedOut: (listener) => listen(signedOut, listener, access),
    onSignedIn: (listener) => listen(signedIn, listener, access),
  };
}
