/** The number of characters that the name of a session may have. */
export const MAX_NAME_LENGTH = 100;

/** Why a session ended. */
export type EndReason =
  | 'signed_out'
  | 'revoked'
  | 'revoked_all'
  | 'replaced'
  | 'evicted'
  | 'reuse_detected'
  | 'credentials_changed'
  | 'user_disabled'
  | 'expired'
  | 'idle';

/** The kinds of device that a session is shown as. */
export type DeviceType = 'desktop' | 'phone' | 'tablet' | 'tv' | 'watch' | 'bot' | 'app' | 'unknown';

/** A device as derived from its User-Agent; `browser` and `os` are null if it does not name them. */
export interface DeviceView {
  type: DeviceType;
  browser: string | null;
  os: string | null;
}

/** A client as derived from what a request says about it. */
export interface ClientView {
  device: DeviceView;
  ip: string | null;
}

/** Two clients that used one session in turn, and when that was last reported. */
export interface SuspicionView {
  at: string;
  clients: [ClientView, ClientView];
}

/**
 * A session as its user sees it. Times are ISO 8601 in UTC. Contains no token, no `refTokID` and no data of other
 * users.
 */
export interface SessionView {
  guid: string;
  /** True for the session of the request. */
  current: boolean;
  name: string;
  device: DeviceView;
  ip: string | null;
  createdAt: string;
  lastActiveAt: string;
  /** The latest time at which the session ends, however often it is renewed. */
  expiresAt: string;
  /** In lists and live updates, if two clients were found to use the session in turn. */
  suspected?: SuspicionView;
}

/** A session that has ended, kept until purge. */
export interface EndedSessionView extends SessionView {
  endedAt: string;
  endReason: EndReason;
}

/** The answer to a sign-in or a renewal (RFC 6749 section 5.1); both lifetimes are in seconds. */
export interface TokenPair {
  access_token: string;
  token_type: 'Bearer';
  expires_in: number;
  refresh_token: string;
  refresh_expires_in: number;
  session: SessionView;
}

/** The answer to a sign-in or a renewal over HTTP: a token that is sent in a cookie is not in the body. */
export interface TokenResponse extends Omit<TokenPair, 'access_token' | 'refresh_token'> {
  access_token?: string;
  refresh_token?: string;
}

/**
 * What `GET /sessions/events` reports about the user's own sessions (Server-Sent Events): the JSON data by the name of
 * its event. After `session.revoked` of the session of the request (`current`), the stream ends.
 */
export interface SessionStreamEvents {
  'session.opened': SessionView;
  /** A new name, a later "last active", another address. */
  'session.changed': SessionView;
  'session.revoked': EndedSessionView;
}
