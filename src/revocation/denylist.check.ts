import { AuthError } from '../errors.js';
import { isCutOff, type SessionKey } from '../sessions/session-store.js';
import type { TokenClaims } from '../tokens/claims.js';
import type { Denial, Denylist } from './denylist.js';
import { RevocationCheck, type Verdict } from './revocation-check.js';

/** Asks the denylist: one device and "all" hold at once, without a look at the sessions table. */
export class DenylistCheck extends RevocationCheck {
  constructor(private readonly denylist: Denylist) {
    super();
  }

  override async check(claims: TokenClaims): Promise<Verdict> {
    const denial = await this.#find({ userId: claims.sub, guid: claims.guid });
    if (denial.session) return { ok: false, reason: 'session_ended' };
    return isCutOff(denial.user, claims) ? { ok: false, reason: 'cut_off' } : { ok: true, lastActiveAt: 0 };
  }

  async #find(key: SessionKey): Promise<Denial> {
    try {
      return await this.denylist.find(key);
    } catch (cause) {
      throw new AuthError('unavailable', 'store_failed', { cause });
    }
  }
}
