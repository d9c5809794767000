import type { Type } from '@nestjs/common';
import type { DataSource, DataSourceOptions } from 'typeorm';
import type { Clock } from '../clock.js';
import type { Duration } from './duration.js';
import type { KeyOption } from './keys/key-option.js';
import type { RevocationMedium } from './revocation-medium.js';
import type { AuthUser, AuthUsers } from './users.js';

/** Claims of the app's own for the access token. Those the library reserves are dropped. */
export type CustomClaims = Record<string, unknown>;

/** How dead rows leave the sessions table. */
export interface PurgeOptions {
  /**
   * How often this process looks for dead rows.
   * @default '10m'
   */
  every?: Duration;
  /**
   * Rows deleted in one statement.
   * @default 1000
   */
  batch?: number;
  /**
   * How long an ended session stays visible in `GET /sessions?state=ended` before it is deleted.
   * @default '30d'
   */
  retention?: Duration;
}

/** How the cookies are set and who may use them. */
export interface CookieOptions {
  /**
   * Whether the access token travels in a cookie too, so that no script of a page ever holds a token.
   * @default false
   */
  access?: boolean;
  /**
   * Whether a link on another site that leads here arrives signed in: with 'lax' it does.
   * @default 'strict'
   */
  sameSite?: 'strict' | 'lax';
  /**
   * Other origins whose pages may use the cookies, such as 'https://app.example.com'. CORS is the app's own.
   * @default []
   */
  origins?: readonly string[];
}

/**
 * What the guard reads on a request: the session's row (`session`), entries about what was ended (`denylist`), the
 * user's cutoff (`validTokenFrom`), or nothing but the token (`expiry`).
 */
export type CheckKind = 'session' | 'denylist' | 'validTokenFrom' | 'expiry';

/** Copies of session rows in each process, dropped when another process tells of a revoke. */
export interface NearCopyOptions {
  /** What carries the word: LISTEN and NOTIFY of a PostgreSQL that keeps the sessions, or a `SessionRedis`. */
  over: 'database' | RevocationMedium;
  /**
   * The hard limit, should the word be lost: no copy answers for longer after its row was read. At most a minute.
   * @default '5s'
   */
  maxAge?: Duration;
  /**
   * Copies one process keeps.
   * @default 10000
   */
  size?: number;
}

/**
 * A column in the app's own table of users that tells the number of their latest cutoff: a bigint that may be null, in
 * the database of the sessions.
 */
export interface CutoffColumn {
  /** The table, such as 'users', or with its schema 'auth.users'. */
  table: string;
  /** The column with the id of a user, its primary key. */
  id: string;
  /** The column with the number, such as 'validTokenFrom'. */
  name: string;
}

/** How a token that was taken back is noticed. Renewals are held against the session's row, whatever is set here. */
export interface RevocationOptions {
  /**
   * The check on every request; a route may ask for another one by `@RevocationCheck`.
   * @default 'session'
   */
  check?: CheckKind;
  /**
   * Where entries about ended sessions are kept, for the check `denylist`. They are made when that is the check, or
   * when this is given for the sake of single routes. `memory` knows one process and no restart; a `SessionRedis`
   * knows all of them, and as many restarts as the server was set up for.
   * @default 'database'; 'memory' with a `store` of the app
   */
  denylist?: 'database' | 'memory' | RevocationMedium;
  /**
   * Where the check `session` reads instead of the primary database: a `SessionRedis`. Just as strict. Give it to
   * every process over the database, or to none.
   */
  hotCopy?: RevocationMedium;
  /**
   * Copies in the process itself: the quickest check, and the one that is late by the way of a message. A route with
   * `@RevocationCheck('session')` does without. Off unless given.
   */
  nearCopy?: NearCopyOptions;
  /**
   * Where `validTokenFrom` reads a user's cutoff, and cutoffs are written to, besides `session_cutoffs`.
   * @default none
   */
  column?: CutoffColumn;
}

/** Every option; `AuthModuleOptions` adds that one of `secret` and `keys` has to be given. */
export interface AuthModuleSettings {
  /**
   * The secret the keys of both kinds of token are derived from (HS256): at least 32 random bytes, for example of
   * `openssl rand -base64 48`. Short for `keys: [{ secret }]`; give one of the two.
   */
  secret?: string | Buffer;
  /**
   * The keys of the tokens. For each kind of token the first signs and all verify, so that a key can be rolled over;
   * a token is held against the key its header names, and against no other.
   */
  keys?: readonly KeyOption[];
  /**
   * The app's class that knows its users. Taken from the app if some module provides it, made otherwise.
   * Without it `POST /auth/login` is not mounted and the app calls `AuthService.login` itself.
   */
  users?: Type<AuthUsers>;
  /**
   * Where sessions are kept: TypeORM options, a DataSource, or nothing when the app provides a DataSource.
   * @default an embedded SQLite file, `sessions.sqlite` in the working directory
   */
  database?: DataSourceOptions | DataSource;
  /**
   * Whether the library's migrations run at start.
   * @default true for a connection this module opens, false for a DataSource of the app
   */
  migrate?: boolean;
  /**
   * How long one request may wait for the database before it is answered 503.
   * @default '2s'
   */
  storeTimeout?: Duration;
  /**
   * The `iss` of the tokens, and the only one accepted.
   * @default 'nestjs-session-registry'
   */
  issuer?: string;
  /**
   * The `aud` of the tokens, and the only one accepted.
   * @default the issuer
   */
  audience?: string;
  /**
   * Life of an access token.
   * @default '5m', or `refreshTtl` if that is shorter
   */
  accessTtl?: Duration;
  /**
   * Life of a refresh token; never past the end of its session.
   * @default '30d', or `absoluteTimeout` if that is shorter
   */
  refreshTtl?: Duration;
  /**
   * Life of a session from its sign-in, however often it is renewed (ASVS 7.3.2).
   * @default `refreshTtl`
   */
  absoluteTimeout?: Duration;
  /**
   * Ends a session that was not active for so long (ASVS 7.3.1); null for no such limit.
   * @default null
   */
  idleTimeout?: Duration | null;
  /**
   * For so long after a rotation the predecessor is honoured even if its successor was used already.
   * At most a minute.
   * @default '10s'
   */
  reuseInterval?: Duration;
  /**
   * The "last active" of a session is written at most once in this time.
   * @default '60s'
   */
  touchInterval?: Duration;
  /**
   * Live sessions one user may have; null for any number.
   * @default null
   */
  maxSessions?: number | null;
  /**
   * What a sign-in beyond `maxSessions` does: end the session that was active least recently, or be refused.
   * @default 'evict'
   */
  whenFull?: 'evict' | 'reject';
  /** What the guard asks on each request, after the signature. */
  revocation?: RevocationOptions;
  /**
   * When `users.isActive` is asked, besides at sign-in: at each renewal, or on each request too.
   * @default 'renewal'
   */
  checkUser?: 'renewal' | 'request';
  /**
   * How tokens travel: in bodies and the Authorization header, in cookies, or in cookies for browsers alone.
   * @default 'bearer'
   */
  transport?: 'bearer' | 'cookie' | 'both';
  /**
   * The cookies of the transports 'cookie' and 'both'.
   * @default { access: false, sameSite: 'strict', origins: [] }
   */
  cookies?: CookieOptions;
  /**
   * The app's own claims for the access token. Called with the user of `validateCredentials` at sign-in, and of
   * `findById` at renewal, or with `{ id }` where the app signs in through `AuthService.login`. Name your own
   * user type at the parameter: `claims: (user: User) => ({ role: user.role })`.
   */
  claims?(user: AuthUser): CustomClaims | Promise<CustomClaims>;
  /**
   * Whether the address a client comes from is kept with its session, to be shown in the list.
   * @default true
   */
  recordIp?: boolean;
  /**
   * Whether the User-Agent of a client is kept with its session. Without it the list shows no browser and no system.
   * @default true
   */
  recordUserAgent?: boolean;
  /**
   * Deleting dead rows on a schedule; false for an app that calls `SessionRegistry.purge` itself.
   * @default { every: '10m', batch: 1000, retention: '30d' }
   */
  purge?: PurgeOptions | false;
  /**
   * The reader of time.
   * @default the clock of the machine
   */
  clock?: Clock;
}

/** Everything `AuthModule.forRoot` and the factory of `forRootAsync` take. Unknown names refuse to boot. */
export type AuthModuleOptions = AuthModuleSettings & ({ secret: string | Buffer } | { keys: readonly KeyOption[] });

/** What the class of `forRootAsync({ useClass | useExisting })` implements. */
export interface AuthOptionsFactory {
  createAuthOptions(): AuthModuleOptions | Promise<AuthModuleOptions>;
}
