import type { TokenOptions } from '../options/token-options.js';
import { CUSTOM, type TokenKind, withoutReserved } from './claims.js';
import { signJws } from './jws.js';
import type { KeySet } from './key-set.js';

/** Below what a verifier reads, so that a cookie has room for its name next to the token (RFC 6265 section 6.1). */
export const MAX_SIGNED_LENGTH = 4_000;

/** What a pair of tokens is signed for. Times are milliseconds. */
export interface TokenSubject {
  readonly userId: string;
  readonly guid: string;
  readonly refTokID: string;
  readonly ticket: number;
  /** When the session ends; no token outlives it. */
  readonly sessionEnd: number;
  readonly custom: Readonly<Record<string, unknown>>;
}

/** A signed token and its lifetime in seconds. */
export interface SignedToken {
  readonly token: string;
  readonly expiresIn: number;
}

/** Signs the JWTs of a session. Pure: time comes in, a token goes out. */
export class TokenSigner {
  constructor(
    private readonly options: TokenOptions,
    private readonly keys: KeySet,
  ) {}

  /** Signs one token. Throws a RangeError when the app's claims make it longer than `MAX_SIGNED_LENGTH`. */
  sign(kind: TokenKind, subject: TokenSubject, now: number): SignedToken {
    const { iat, exp, expiresIn } = this.#lifetime(kind, subject.sessionEnd, now);
    const claims = { ...this.#customClaims(kind, subject), ...this.#ownClaims(kind, subject), iat, exp };
    const token = signJws(this.keys.signingKey(kind), claims);
    if (token.length > MAX_SIGNED_LENGTH) throw tooLong(token.length);
    return { token, expiresIn };
  }

  #lifetime(kind: TokenKind, sessionEnd: number, now: number): { iat: number; exp: number; expiresIn: number } {
    const ttl = kind === 'access' ? this.options.accessTtl : this.options.refreshTtl;
    const iat = Math.floor(now / 1000);
    // The row ends the session to the millisecond; a token counts in seconds and must not end before it.
    const exp = Math.min(iat + Math.ceil(ttl / 1000), Math.ceil(sessionEnd / 1000));
    return { iat, exp, expiresIn: Math.floor(Math.min(ttl, sessionEnd - now) / 1000) };
  }

  #ownClaims(kind: TokenKind, { userId: sub, guid, refTokID, ticket }: TokenSubject): Record<string, unknown> {
    const { issuer: iss, audience: aud } = this.options;
    // A renewal reads the row, which holds the ticket.
    return { iss, aud, sub, guid, refTokID, ...(kind === 'access' && { ticket }) };
  }

  #customClaims(kind: TokenKind, { custom }: TokenSubject): Record<string, unknown> {
    const claims = withoutReserved(custom);
    if (kind === 'access') return claims;
    return Object.keys(claims).length > 0 ? { [CUSTOM]: claims } : {};
  }
}

function tooLong(length: number): RangeError {
  return new RangeError(
    `The option \`claims\` makes a token of ${length} characters; at most ${MAX_SIGNED_LENGTH} fit a cookie. ` +
      'Put less into the claims and look the rest up by `userId`.',
  );
}
