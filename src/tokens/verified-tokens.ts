import { hash } from 'node:crypto';
import type { TokenClaims } from './claims.js';

/** Tokens of one generation; there are at most two, of about half a kilobyte a token. */
const SIZE = 10_000;

/**
 * What tokens say whose signature was found right, so that it is not computed again on each request of a page. Found by
 * the SHA-256 of the whole token: nothing shorter names it, and no token is kept. Only says that a token is genuine;
 * whether it counts now, its times and the check have to say each time.
 */
export class VerifiedTokens {
  #recent = new Map<string, TokenClaims>();
  #earlier: ReadonlyMap<string, TokenClaims> = new Map();

  /** The claims of a token, by `verify` where they are not known, which throws for a token that is not genuine. */
  claimsOf(token: string, verify: (token: string) => TokenClaims): TokenClaims {
    const name = hash('sha256', token, 'base64url');
    const known = this.#recent.get(name);
    if (known) return known;
    const claims = this.#earlier.get(name) ?? verify(token);
    if (this.#recent.size >= SIZE) this.#forget();
    this.#recent.set(name, claims);
    return claims;
  }

  /** Whoever was not asked about since the last time is gone. */
  #forget(): void {
    this.#earlier = this.#recent;
    this.#recent = new Map();
  }
}
