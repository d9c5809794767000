import { AuthError } from '../errors.js';
import { type Faults, UNHEARD } from '../faults/faults.js';
import { isCutOff } from '../sessions/cutoff.js';
import type { SessionKey } from '../sessions/session-store.js';
import type { TokenClaims } from '../tokens/claims.js';
import type { Denial, Denylist } from './denylist.js';
import { TokenCheck, type Verdict } from './token-check.js';

/** Asks the denylist: signing out one device or all of them holds at once, without reading the sessions table. */
export class DenylistCheck extends TokenCheck {
  constructor(
    private readonly denylist: Denylist,
    private readonly faults: Faults = UNHEARD,
  ) {
    super();
  }

  override async check(claims: TokenClaims): Promise<Verdict> {
    const denial = await this.#find({ userId: claims.sub, guid: claims.guid });
    if (denial.session) return { ok: false, reason: 'session_ended' };
    return isCutOff(denial.user, claims) ? { ok: false, reason: 'cut_off' } : { ok: true, lastActiveAt: 0 };
  }

  async #find(key: SessionKey): Promise<Denial> {
    try {
      const denial = await this.denylist.find(key);
      this.faults.succeeded('store');
      return denial;
    } catch (cause) {
      this.faults.failed('store', cause);
      throw new AuthError('unavailable', 'store_failed', { cause });
    }
  }
}
