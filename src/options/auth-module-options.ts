import type { Type } from '@nestjs/common';
import type { DataSource, DataSourceOptions } from 'typeorm';
import type { Clock } from '../clock.js';
import type { CookieOptions } from './cookie-options.js';
import type { Duration } from './duration.js';
import type { KeyOption } from './keys/key-option.js';
import type { PurgeOptions } from './purge-options.js';
import type { RevocationOptions } from './revocation-options.js';
import type { SuspicionOptions } from './suspicion-options.js';
import type { AuthUser, AuthUsers } from './users.js';

/** Claims of the app's own for the access token. Those the library reserves are dropped. */
export type CustomClaims = Record<string, unknown>;

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
   * How long this module may take to let go of everything when the app stops, once the app's server is closed: writing the
   * last "last active" of sessions, then closing connections. What takes longer is left to the end of the process.
   * @default '5s'
   */
  shutdownTimeout?: Duration;
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
   * Live sessions one user may have; null for no limit but a bound of 1,000, beyond which the least recently active end and
   * the event `crowded` is told. Give a larger number to allow more than that.
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
   * When a session counts as used by two clients in turn, which is told by the event `suspected` and in the list;
   * false not to look.
   * @default { devices: 5, networks: 20 }
   */
  suspicion?: SuspicionOptions | false;
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
