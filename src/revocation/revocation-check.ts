import type { RefusalReason } from '../errors.js';
import type { SessionState } from '../sessions/session.js';
import type { TokenClaims } from '../tokens/claims.js';

/**
 * Whether an access token still counts; `lastActiveAt` (milliseconds) where the check read it, or 0. `state` is what
 * a yes was read from, where it says the same again until the row changes.
 */
export type Verdict =
  | { readonly ok: true; readonly lastActiveAt: number; readonly state?: SessionState }
  | { readonly ok: false; readonly reason: RefusalReason };

/** What the guard asks on each request, after the signature: was this token taken back? The port of its kinds. */
export abstract class RevocationCheck {
  abstract check(claims: TokenClaims): Promise<Verdict>;
}
