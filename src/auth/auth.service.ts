import type { JsonWebKey } from 'node:crypto';
import type { Clock } from '../clock.js';
import { AuthError } from '../errors.js';
import { type UserId, userIdOf } from '../id-rules.js';
import type { CheckName } from '../options/revocation-options.js';
import type { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
import type { CustomClaims } from '../options/session-claims.js';
import type { AuthUser } from '../options/users.js';
import type { RevocationChecks } from '../revocation/revocation-checks.js';
import type { SessionRegistry } from '../sessions/session-registry.js';
import { boundClaims } from '../tokens/app-claims.js';
import type { TokenClaims, TokenKind } from '../tokens/claims.js';
import type { TokenVerifier } from '../tokens/token-verifier.js';
import type { TokenPair } from '../wire.js';
import { cookieOf } from './cookies.js';
import { type AuthRequest, bearerTokenOf, clientInfoOf } from './request-info.js';
import type { TokenIssuer } from './token-issuer.js';
import type { UserDirectory } from './user-directory.js';

/** The session of a request, from an accepted access token, for `@CurrentSession()`. */
export interface ActiveSession {
  readonly userId: string;
  readonly guid: string;
  /** The app's own claims, as `SessionClaims` declares them. An older token has those of its sign-in or latest renewal. */
  readonly claims: Readonly<CustomClaims>;
  /** The name of the module that found it, if that has one. */
  readonly realm?: string;
}

/** What a sign-in by the app itself may add. */
export interface LoginOptions {
  /** The name of the device in the list; by default derived from its User-Agent. */
  readonly deviceName?: string | undefined;
  /**
   * From `currentTicket`, called before the password was checked, so that a sign-out everywhere in the meantime applies.
   * Without it the sign-in counts from this call.
   */
  readonly ticket?: number | undefined;
  /** The user object for the `claims` option; by default `{ id: userId }`. */
  readonly user?: AuthUser | undefined;
}

/** Sign-in, renewal, verdict and sign-out: combines tokens, sessions and revocation. Every refusal is an AuthError. */
export class AuthService {
  constructor(
    private readonly registry: SessionRegistry,
    private readonly verifier: TokenVerifier,
    private readonly issuer: TokenIssuer,
    private readonly revocation: RevocationChecks,
    private readonly users: UserDirectory,
    private readonly options: ResolvedAuthOptions,
    private readonly clock: Clock,
  ) {}

  /** The name of its module, if that has one: the extra `realm`. */
  get realm(): string | undefined {
    return this.options.realm;
  }

  /** A ticket that orders the sign-in now beginning relative to cutoffs; pass it to `login`. */
  currentTicket(): Promise<number> {
    return this.registry.currentTicket();
  }

  /**
   * Signs in with a name and a password, through the app's `users`.
   * Throws AuthError `invalid_credentials`, `session_limit` or `unavailable`.
   */
  loginWithPassword(
    credentials: { username: string; password: string; deviceName?: string | undefined },
    request?: AuthRequest,
  ): Promise<TokenPair> {
    return this.loginWithBody(credentials, request, credentials);
  }

  /** Like `loginWithPassword`, with a body in the form of the option `loginBody`, which is expected to be checked. */
  async loginWithBody(
    body: object,
    request?: AuthRequest,
    { deviceName }: Pick<LoginOptions, 'deviceName'> = {},
  ): Promise<TokenPair> {
    const ticket = await this.currentTicket();
    const { username, password } = body as { username?: unknown; password?: unknown };
    const user = await this.users.validate(...(this.options.loginBody ? [body, request] : [username, password]));
    return this.login(user.id, request, { deviceName, ticket, user });
  }

  /**
   * Opens a session for a user whose password the app has checked. If the device is signed in already and its request
   * carries a token (its refresh cookie, or else its bearer token), it gets a new session, and its old one ends as
   * `replaced` (ASVS 7.2.4).
   */
  async login(userId: UserId, request?: AuthRequest, options: LoginOptions = {}): Promise<TokenPair> {
    const id = userIdOf(userId);
    const ticket = options.ticket ?? (await this.currentTicket());
    if (!(await this.users.isActive(id))) throw new AuthError('invalid_credentials', 'user_inactive');
    const custom = await this.#claimsFor(options.user ?? { id });
    const { deviceName } = options;
    const replaces = this.#formerSession(id, request);
    const result = await this.registry.open({ ...clientInfoOf(request), userId: id, ticket, deviceName, replaces });
    if (result.ok) return this.issuer.issue(result.session, custom);
    throw new AuthError(result.reason === 'session_limit' ? 'session_limit' : 'invalid_credentials', result.reason);
  }

  /** Exchanges a refresh token for a new pair. Throws AuthError `invalid_grant` or `unavailable`. */
  async refresh(refreshToken: string, request?: AuthRequest): Promise<TokenPair> {
    const claims = this.#verifyGrant(refreshToken);
    const key = { userId: claims.sub, guid: claims.guid };
    if (!(await this.users.isActive(claims.sub))) {
      await this.registry.revoke(key.userId, key.guid, 'user_disabled');
      throw new AuthError('invalid_grant', 'user_inactive', { session: key });
    }
    const custom = await this.#claimsAtRenewal(claims);
    const result = await this.registry.renew(key, claims.refTokID, clientInfoOf(request));
    if (!result.ok) throw new AuthError('invalid_grant', result.reason, { session: key });
    return this.issuer.issue(result.session, custom);
  }

  /**
   * The session of an access token, if it is valid now by this check, or by that of `revocation.check`. Throws
   * AuthError `invalid_token` or `unavailable`.
   */
  async authenticate(accessToken: string, request?: AuthRequest, check?: CheckName): Promise<ActiveSession> {
    const claims = this.verifier.verify('access', accessToken, this.clock.now());
    const session = this.#sessionIn(claims);
    const verdict = await this.revocation.of(check).check(claims);
    if (!verdict.ok) throw new AuthError('invalid_token', verdict.reason, { session });
    if (this.options.checkUser === 'request' && !(await this.users.isActive(claims.sub))) {
      throw new AuthError('invalid_token', 'user_inactive', { session });
    }
    if (request && this.registry.isTouchDue(session, verdict.lastActiveAt)) {
      await this.registry.touch(session, verdict.lastActiveAt, clientInfoOf(request));
    }
    return session;
  }

  /**
   * When an access token that is valid now expires, in milliseconds since the epoch. Throws AuthError `invalid_token`.
   */
  expiryOf(accessToken: string): number {
    return this.verifier.verify('access', accessToken, this.clock.now()).exp * 1000;
  }

  /**
   * Ends the session of each given token; a token past its `exp` works too (RFC 7009 section 2.1). Resolves once the
   * end is stored. Throws AuthError `invalid_token` for a token that cannot be verified, or if there is none.
   */
  async logout(tokens: { accessToken?: string | undefined; refreshToken?: string | undefined }): Promise<void> {
    const now = this.clock.now();
    const claims: TokenClaims[] = [];
    if (tokens.accessToken !== undefined) claims.push(this.verifier.verifyOrigin('access', tokens.accessToken, now));
    if (tokens.refreshToken !== undefined) claims.push(this.verifier.verifyOrigin('refresh', tokens.refreshToken, now));
    if (claims.length === 0) throw new AuthError('invalid_token', 'no_credentials');
    for (const { sub, guid } of claims) await this.registry.revoke(sub, guid, 'signed_out');
  }

  /**
   * Ends every session of a user whom the app has locked, at once. The app's `isActive` keeps the user out from then
   * on.
   */
  disableUser(userId: UserId): Promise<number> {
    return this.registry.revokeAll(userId, 'user_disabled');
  }

  /** The public keys of access tokens, for services that verify them on their own; none if a secret signs. */
  publicKeys(): readonly JsonWebKey[] {
    return this.verifier.publicKeys;
  }

  #sessionIn({ sub: userId, guid, custom }: TokenClaims): ActiveSession {
    const { realm } = this.options;
    const claims = custom as object as CustomClaims;
    return realm === undefined ? { userId, guid, claims } : { userId, guid, claims, realm };
  }

  #verifyGrant(refreshToken: string): TokenClaims {
    try {
      return this.verifier.verify('refresh', refreshToken, this.clock.now());
    } catch (error) {
      if (!(error instanceof AuthError)) throw error;
      const { reason, session } = error;
      throw new AuthError('invalid_grant', reason, { cause: error, ...(session && { session }) });
    }
  }

  #formerSession(userId: string, request: AuthRequest = {}): string | undefined {
    // The cookie is read first: the answer overwrites it, and nobody could end its session afterwards.
    const { kind, names } = this.options.transport;
    const cookie = () => (kind === 'bearer' ? undefined : cookieOf(request, names.refresh));
    return (
      this.#sessionOf(userId, 'refresh', cookie) ?? this.#sessionOf(userId, 'access', () => bearerTokenOf(request))
    );
  }

  #sessionOf(userId: string, kind: TokenKind, read: () => string | undefined): string | undefined {
    try {
      const { sub, guid } = this.verifier.verifyOrigin(kind, read(), this.clock.now());
      return sub === userId ? guid : undefined;
    } catch {
      return undefined;
    }
  }

  async #claimsAtRenewal(claims: TokenClaims): Promise<Readonly<Record<string, unknown>>> {
    const user = await this.users.find(claims.sub);
    return user ? this.#claimsFor(user) : claims.custom;
  }

  async #claimsFor(user: AuthUser): Promise<Readonly<Record<string, unknown>>> {
    return this.options.claims ? boundClaims(await this.options.claims(user)) : {};
  }
}
