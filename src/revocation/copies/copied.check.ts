import type { Clock } from '../../clock.js';
import type { SessionLimits } from '../../options/resolved-auth-options.js';
import type { SessionState } from '../../sessions/session.js';
import type { TokenClaims } from '../../tokens/claims.js';
import { RevocationCheck, type Verdict } from '../revocation-check.js';
import { verdictOn } from '../session.check.js';
import type { SessionCopies } from './session-copies.js';

/** Answers from a copy of the row where that says yes. Whatever else it says, the next check has to say itself. */
export class CopiedCheck extends RevocationCheck {
  constructor(
    private readonly copies: SessionCopies,
    private readonly next: RevocationCheck,
    private readonly limits: SessionLimits,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async check(claims: TokenClaims): Promise<Verdict> {
    const key = { userId: claims.sub, guid: claims.guid };
    const { state, leave } = await this.copies.find(key);
    const verdict = state && this.#verdictOn(state, claims);
    if (verdict?.ok) return verdict;
    const read = await this.next.check(claims);
    if (read.ok && read.state && leave !== undefined) this.copies.keep(key, read.state, leave);
    return read;
  }

  #verdictOn(state: SessionState, { refTokID }: TokenClaims): Verdict | undefined {
    const now = this.clock.now();
    // Due to be touched: the row tells whether that has happened.
    if (now - state.lastActiveAt >= this.limits.touchInterval) return undefined;
    return verdictOn(state, refTokID, now, this.limits);
  }
}
