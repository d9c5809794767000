import { JwtService } from '@nestjs/jwt';
import { AuthError } from '../errors.js';
import type { TokenOptions } from '../options/resolved-auth-options.js';
import { readClaims, TOKEN_TYPES, type TokenClaims, type TokenKind } from './claims.js';
import { parseCompactForm } from './compact-form.js';
import type { KeySet } from './key-set.js';

/** How far `iat` may lie ahead of this machine's clock, in seconds. */
const CLOCK_TOLERANCE = 60;

/** Times are judged here, by the one clock. */
const SIGNATURE_ONLY = { ignoreExpiration: true, ignoreNotBefore: true };

/** Verifies the JWTs of a session, leaving nothing to the mood of a JWT library. Pure: no HTTP, no database. */
export class TokenVerifier {
  readonly #jwt = new JwtService();

  constructor(
    private readonly options: TokenOptions,
    private readonly keys: KeySet,
  ) {}

  /** The claims of a token of this kind that is valid now. Throws AuthError `invalid_token`. */
  verify(kind: TokenKind, token: unknown, now: number): TokenClaims {
    const claims = this.verifyOrigin(kind, token, now);
    this.#checkLife(kind, claims);
    if (Math.floor(now / 1000) >= claims.exp) throw new AuthError('invalid_token', 'token_expired');
    return claims;
  }

  /** As `verify`, but whatever its `exp`: good enough to sign its own session out. */
  verifyOrigin(kind: TokenKind, token: unknown, now: number): TokenClaims {
    const { header, payload } = parseCompactForm(token);
    this.#checkHeader(kind, header);
    this.#checkSignature(kind, token as string);
    this.#checkParties(payload);
    const claims = readClaims(kind, payload);
    if (claims.iat - now / 1000 > CLOCK_TOLERANCE) throw new AuthError('invalid_token', 'token_from_future');
    return claims;
  }

  #checkHeader(kind: TokenKind, header: Readonly<Record<string, unknown>>): void {
    // RFC 7515 section 4.1.11: an extension named in crit and not understood makes the token invalid.
    if (header.alg === this.keys.algorithm && header.typ === TOKEN_TYPES[kind] && !('crit' in header)) return;
    throw new AuthError('invalid_token', 'wrong_header');
  }

  #checkSignature(kind: TokenKind, token: string): void {
    try {
      // @nestjs/jwt types the key as text; a text costs fifty times as much as the imported key.
      const key = this.keys.keyFor(kind) as unknown as Buffer;
      this.#jwt.verify(token, { ...SIGNATURE_ONLY, publicKey: key, algorithms: [this.keys.algorithm] });
    } catch (cause) {
      throw new AuthError('invalid_token', 'bad_signature', { cause });
    }
  }

  #checkParties(payload: Readonly<Record<string, unknown>>): void {
    if (payload.iss === this.options.issuer && payload.aud === this.options.audience) return;
    throw new AuthError('invalid_token', 'wrong_claims', { detail: 'iss or aud is not ours' });
  }

  #checkLife(kind: TokenKind, { iat, exp }: TokenClaims): void {
    const ttl = kind === 'access' ? this.options.accessTtl : this.options.refreshTtl;
    if (exp - iat <= Math.ceil(ttl / 1000)) return;
    throw new AuthError('invalid_token', 'wrong_claims', { detail: 'exp is too far off' });
  }
}
