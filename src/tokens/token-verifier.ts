import type { JsonWebKey } from 'node:crypto';
import { CLOCK_TOLERANCE } from '../clock.js';
import { AuthError } from '../errors.js';
import { isGeneration, isGuid } from '../id-rules.js';
import type { TokenOptions } from '../options/token-options.js';
import { readClaims, type TokenClaims, type TokenKind } from './claims.js';
import { type CompactToken, MAX_TOKEN_LENGTH, parseCompactForm } from './compact-form.js';
import { verifyJws } from './jws.js';
import type { KeySet } from './key-set.js';
import { VerifiedTokens } from './verified-tokens.js';

/** Verifies the JWTs of a session and leaves no decision to a JWT library. Pure: no HTTP, no database. */
export class TokenVerifier {
  readonly #verified = new VerifiedTokens();
  readonly #readAccess = (token: string) => this.#readNamed('access', token);

  constructor(
    private readonly options: TokenOptions,
    private readonly keys: KeySet,
  ) {}

  /** The keys with which other services may verify access tokens (RFC 7517). */
  get publicKeys(): readonly JsonWebKey[] {
    return this.keys.publicKeys;
  }

  /** The claims of a token of this kind that is valid now. Throws AuthError `invalid_token`. */
  verify(kind: TokenKind, token: unknown, now: number): TokenClaims {
    const claims = kind === 'access' ? this.#accessClaims(token) : this.#readNamed(kind, token);
    this.#checkStart(claims, now);
    this.#checkLife(kind, claims);
    if (Math.floor(now / 1000) >= claims.exp) throw new AuthError('invalid_token', 'token_expired');
    return claims;
  }

  /** Like `verify`, but accepts any `exp`: good enough to sign out its own session. */
  verifyOrigin(kind: TokenKind, token: unknown, now: number): TokenClaims {
    const claims = this.#read(kind, token);
    this.#checkStart(claims, now);
    return claims;
  }

  /** The same access tokens arrive again and again. A token too long to be read is not hashed either. */
  #accessClaims(token: unknown): TokenClaims {
    if (typeof token !== 'string' || token.length > MAX_TOKEN_LENGTH) return this.#readNamed('access', token);
    return this.#verified.claimsOf(token, this.#readAccess);
  }

  /** An id that does not have the right form belongs to nothing: the database is not queried for it. */
  #readNamed(kind: TokenKind, token: unknown): TokenClaims {
    const claims = this.#read(kind, token);
    const session = { userId: claims.sub, guid: claims.guid };
    if (!isGuid(claims.guid)) throw new AuthError('invalid_token', 'session_unknown', { session });
    if (!isGeneration(claims.refTokID)) throw new AuthError('invalid_token', 'superseded', { session });
    return claims;
  }

  #read(kind: TokenKind, token: unknown): TokenClaims {
    const parts = parseCompactForm(token);
    this.#checkSignature(kind, parts);
    this.#checkParties(parts.payload);
    return readClaims(kind, parts.payload);
  }

  #checkSignature(kind: TokenKind, token: CompactToken): void {
    const key = this.keys.keyOf(kind, token.header);
    if (!key) throw new AuthError('invalid_token', 'wrong_header');
    if (!verifyJws(key, token)) throw new AuthError('invalid_token', 'bad_signature');
  }

  #checkParties(payload: Readonly<Record<string, unknown>>): void {
    if (payload.iss === this.options.issuer && payload.aud === this.options.audience) return;
    throw new AuthError('invalid_token', 'wrong_claims', { detail: 'iss or aud is not ours' });
  }

  #checkStart({ validFrom }: TokenClaims, now: number): void {
    const ahead = validFrom * 1000 - now;
    if (ahead <= CLOCK_TOLERANCE) return;
    const detail = `a token is dated ${Math.round(ahead / 1000)} s ahead of this machine's clock`;
    throw new AuthError('invalid_token', 'token_from_future', { detail });
  }

  #checkLife(kind: TokenKind, { iat, exp }: TokenClaims): void {
    const ttl = kind === 'access' ? this.options.accessTtl : this.options.refreshTtl;
    if (exp - iat <= Math.ceil(ttl / 1000)) return;
    throw new AuthError('invalid_token', 'wrong_claims', { detail: 'exp is too far in the future' });
  }
}
