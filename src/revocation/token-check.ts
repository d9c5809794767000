import type { RefusalReason } from '../errors.js';
import type { SessionState } from '../sessions/session.js';
import type { TokenClaims } from '../tokens/claims.js';

/**
 * Whether an access token still counts, and if not, why. `lastActiveAt`: when the session was last active (milliseconds since
 * the epoch), or 0 if the check has not read that. `state`: what a yes is based on, if it stays a yes until the row changes.
 * Only a verdict with a `state` may be copied.
 */
export type Verdict =
  | { readonly ok: true; readonly lastActiveAt: number; readonly state?: SessionState }
  | { readonly ok: false; readonly reason: RefusalReason };

/**
 * Decides whether an access token was revoked. The guard asks on each request, after it has verified signature, times and
 * claims. Extend it for your own check and register that by name: `AuthModule.forRoot({ checks: { tenant: TenantCheck } })`.
 */
export abstract class TokenCheck {
  /**
   * Resolves to the verdict on the token with these claims. Called for many requests at the same time, so it must not keep
   * state about one of them. If it rejects, the request is answered with 503 `unavailable`, and never let in.
   */
  abstract check(claims: TokenClaims): Promise<Verdict>;
}
