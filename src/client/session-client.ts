import type { EndedSessionView, EndReason, SessionView } from '../wire.js';

/** Why a user is signed out; `unknown` where the server only refused, since it gives no reasons to a stranger. */
export type SignedOutReason = EndReason | 'unknown';

/** What `POST /auth/login` takes. */
export interface Credentials {
  username: string;
  password: string;
  /** The name the device goes by in the list; the server derives one from its User-Agent otherwise. */
  deviceName?: string;
}

/** Where a client keeps its tokens, as `localStorage` or as the AsyncStorage of React Native do. */
export interface TokenStorage {
  getItem(key: string): string | null | Promise<string | null>;
  setItem(key: string, value: string): void | Promise<void>;
  removeItem(key: string): void | Promise<void>;
}

/** How a client reaches its server. */
export interface SessionClientOptions {
  /**
   * What every path of this client begins with, such as `https://api.example.com` or `/api`.
   * @default '' the origin of the page
   */
  baseUrl?: string;
  /**
   * `bearer`: tokens are in bodies, and this client keeps them. `cookie`: they are in cookies no script sees; the
   * server needs `cookies: { access: true }`.
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

/** What `sessions.watch` tells: the server's events, and whether they arrive. */
export type SessionNews =
  | { type: 'session.opened' | 'session.changed'; session: SessionView }
  | { type: 'session.revoked'; session: EndedSessionView }
  /** Events arrive from here on. Some may have been missed: read the list again. */
  | { type: 'connected' }
  /** No events arrive: the network or the server is away. It is tried again until they do. */
  | { type: 'disconnected' };

/** The user's devices. Every method throws SessionClientError. */
export interface ClientSessions {
  /**
   * Live sessions, of many those of the latest sign-ins: this one first, then last active first.
   * @param limit how many at most, up to 1,000; 100 without it
   */
  list(limit?: number): Promise<SessionView[]>;
  /** Recently ended ones, last ended first; a hundred at most. */
  ended(): Promise<EndedSessionView[]>;
  rename(guid: string, name: string): Promise<SessionView>;
  /** Ends one session; this one too, which signs out. */
  revoke(guid: string): Promise<void>;
  /** Ends all but this one; resolves to their number. */
  revokeOthers(): Promise<number>;
  /** Ends all, this one too, which signs out; resolves to their number. */
  revokeAll(): Promise<number>;
  /** Hears what happens to the user's sessions, as it happens; the function returned stops it. */
  watch(listener: (news: SessionNews) => void): () => void;
}

/** Sign-in, requests that renew their token by themselves, and sign-out. Made by `createSessionClient`. */
export interface SessionClient {
  /** Signs in. Throws SessionClientError, `invalid_credentials` for a wrong password. */
  login(credentials: Credentials): Promise<SessionView>;
  /** Whether this client holds a session, as far as it knows; no request is made. */
  signedIn(): Promise<boolean>;
  /**
   * As the global `fetch`, with the access token: renewed ahead of its end, and once where the server answers 401. A
   * path is one below `baseUrl`; the token goes to no other origin. Throws SessionClientError `offline` or
   * `unavailable` where no answer was had; the user stays signed in.
   */
  fetch(input: string | URL, init?: RequestInit): Promise<Response>;
  readonly sessions: ClientSessions;
  /** Signs this device out. Throws SessionClientError where that could not be stored; it is then still signed in. */
  logout(): Promise<void>;
  /** Hears once the session is over, here or in another tab, and why; the function returned stops it. */
  onSignedOut(listener: (reason: SignedOutReason) => void): () => void;
  /** Hears once there is a session, by a sign-in here or in another tab; the function returned stops it. */
  onSignedIn(listener: () => void): () => void;
}
