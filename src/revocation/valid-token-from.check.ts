import { isCutOff } from '../sessions/cutoff.js';
import type { SessionStore } from '../sessions/session-store.js';
import type { TokenClaims } from '../tokens/claims.js';
import { TokenCheck, type Verdict } from './token-check.js';

/**
 * Reads the cutoff that holds for the session. Signing out all devices holds at once. Signing out one device holds when its
 * access token expires, or at once if its access tokens were cut off too. It compares the number of the cutoff with the
 * ticket in the token, so no clock decides.
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
