import { hash } from 'node:crypto';
import type { TokenClaims } from './claims.js';

/** Tokens in one generation of the cache. There are at most two generations, with about half a kilobyte per token. */
const SIZE = 10_000;

/**
 * The claims of tokens whose signature was found to be right, so that it is not verified again on each request of a
 * page. They are found by the SHA-256 of the whole token: nothing shorter identifies it, and no token is kept. This
 * only says that a token is genuine; its times and the check decide each time whether it is valid now.
 */
export class VerifiedTokens {
  #recent = new Map<string, TokenClaims>();
  #earlier: ReadonlyMap<string, TokenClaims> = new Map();

  /** The claims of a token; calls `verify` if they are not known, which throws for a token that is not genuine. */
  claimsOf(token: string, verify: (token: string) => TokenClaims): TokenClaims {
    const name = hash('sha256', token, 'base64url');
    const known = this.#recent.get(name);
    if (known) return known;
    const claims = this.#earlier.get(name) ?? verify(token);
    if (this.#recent.size >= SIZE) this.#forget();
    this.#recent.set(name, claims);
    return claims;
  }

  /** Tokens that were not used since the last call are dropped. */
  #forget(): void {
    this.#earlier = this.#recent;
    this.#recent = new Map();
  }
}
