import { isCutOff } from '../sessions/cutoff.js';
import type { SessionStore } from '../sessions/session-store.js';
import type { TokenClaims } from '../tokens/claims.js';
import { TokenCheck, type Verdict } from './token-check.js';

/**
 * Reads the cutoff that holds for the session: "all" holds at once, one device when its access token ends, or at once
 * where its tokens were cut off too. Cutoffs are numbers, and so is what a token carries of its sign-in; no clock decides.
 */
export class ValidTokenFromCheck extends TokenCheck {
  constructor(private readonly store: SessionStore) {
    super();
  }

  override async check(claims: TokenClaims): Promise<Verdict> {
    const mark = await this.store.cutoffOf({ userId: claims.sub, guid: claims.guid });
    return isCutOff(mark, claims) ? { ok: false, reason: 'cut_off' } : { ok: true, lastActiveAt: 0 };
  }
}
