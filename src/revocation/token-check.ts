import type { RefusalReason } from '../errors.js';
import type { SessionState } from '../sessions/session.js';
import type { TokenClaims } from '../tokens/claims.js';

/**
 * Whether an access token still counts, and why not. `lastActiveAt`: when the session was last active as far as the check
 * has read it (milliseconds since the epoch), 0 where it has not. `state`: what a yes was read from, where it says the same
 * again until the row changes; only then copies may be made of it.
 */
export type Verdict =
  | { readonly ok: true; readonly lastActiveAt: number; readonly state?: SessionState }
  | { readonly ok: false; readonly reason: RefusalReason };

/**
 * What the guard asks on each request, once signature, times and claims of the access token are verified: was it taken back?
 * Extend it for a check of your own, and register that by a name: `AuthModule.forRoot({ checks: { tenant: TenantCheck } })`.
 */
export abstract class TokenCheck {
  /**
   * Resolves to the verdict on the token with these claims. Asked on every request, at the same time for many, so it holds
   * no state of one. Whatever it rejects with is answered 503 `unavailable`, never as a yes.
   */
  abstract check(claims: TokenClaims): Promise<Verdict>;
}
