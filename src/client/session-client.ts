import type { EndedSessionView, EndReason, SessionView } from '../wire.js';

/** Why a user is signed out; `unknown` if the server only refused, since it gives no reasons to an unknown client. */
export type SignedOutReason = EndReason | 'unknown';

/** What `POST /auth/login` takes. */
export interface Credentials {
  username: string;
  password: string;
  /** The name of the device in the list; by default the server derives one from its User-Agent. */
  deviceName?: string;
}

/** Where a client keeps its tokens, such as `localStorage` or React Native's AsyncStorage. */
export interface TokenStorage {
  getItem(key: string): string | null | Promise<string | null>;
  setItem(key: string, value: string): void | Promise<void>;
  removeItem(key: string): void | Promise<void>;
}

/** How a client reaches its server. */
export interface SessionClientOptions {
  /**
   * The beginning of every path of this client, such as `https://api.example.com` or `/api`.
   * @default '' the origin of the page
   */
  baseUrl?: string;
  /**
   * `bearer`: tokens are in bodies, and this client keeps them. `cookie`: they are in cookies that no script can read;
   * the server needs `cookies: { access: true }`.
   * @default 'bearer'
   */
  transport?: 'bearer' | 'cookie';
  /**
   * Where the tokens are kept; tabs that share it share the session.
   * @default `localStorage`, or memory where there is none
   */
  storage?: TokenStorage;
  /**
   * The name of the entry in the storage, of the lock and of the channel between tabs.
   * @default 'session'
   */
  key?: string;
  /**
   * The function that sends requests.
   * @default the global `fetch`
   */
  fetch?: typeof fetch;
}

/** What `sessions.watch` reports: the server's events, and whether they arrive. */
export type SessionNews =
  | { type: 'session.opened' | 'session.changed'; session: SessionView }
  | { type: 'session.revoked'; session: EndedSessionView }
  /** Events arrive from now on. Some may have been missed: read the list again. */
  | { type: 'connected' }
  /** No events arrive: the network or the server cannot be reached. The client tries again until they do. */
  | { type: 'disconnected' };

/** The user's devices. Every method throws SessionClientError. */
export interface ClientSessions {
  /**
   * Live sessions, the latest sign-ins if there are many: the current one first, then the most recently active.
   * @param limit how many at most, up to 1,000; 100 without it
   */
  list(limit?: number): Promise<SessionView[]>;
  /** Recently ended sessions, the last ended first; at most a hundred. */
  ended(): Promise<EndedSessionView[]>;
  rename(guid: string, name: string): Promise<SessionView>;
  /** Ends one session; if it is the current one, the user is signed out. */
  revoke(guid: string): Promise<void>;
  /** Ends all sessions but the current one; resolves to their number. */
  revokeOthers(): Promise<number>;
  /** Ends all sessions and signs the user out; resolves to their number. */
  revokeAll(): Promise<number>;
  /** Reports what happens to the user's sessions, as it happens; the returned function stops it. */
  watch(listener: (news: SessionNews) => void): () => void;
}

/** Sign-in, requests with a token that is renewed automatically, and sign-out. Created by `createSessionClient`. */
export interface SessionClient {
  /**
   * Signs in. Throws SessionClientError, `invalid_credentials` for a wrong password. For a server with a form of its own,
   * name that: `login<{ email: string; password: string }>({ … })`.
   */
  login<B extends object = Credentials>(credentials: NoInfer<B>): Promise<SessionView>;
  /** Whether this client holds a session, as far as it knows; no request is made. */
  signedIn(): Promise<boolean>;
  /**
   * Like the global `fetch`, but with the access token, which is renewed before it expires, and once if the server
   * answers 401. A relative path is below `baseUrl`; the token is sent to no other origin. Throws SessionClientError
   * `offline` or `unavailable` if there was no answer; the user stays signed in.
   */
  fetch(input: string | URL, init?: RequestInit): Promise<Response>;
  readonly sessions: ClientSessions;
  /** Signs this device out. Throws SessionClientError if that could not be stored; the user is then still signed in. */
  logout(): Promise<void>;
  /**
   * Calls the listener once the session has ended, here or in another tab, with the reason; the returned function stops
   * it.
   */
  onSignedOut(listener: (reason: SignedOutReason) => void): () => void;
  /**
   * Calls the listener once there is a session, by a sign-in here or in another tab; the returned function stops it.
   */
  onSignedIn(listener: () => void): () => void;
}
