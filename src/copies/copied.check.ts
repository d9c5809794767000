import type { Clock } from '../clock.js';
import type { SessionLimits } from '../options/session-options.js';
import type { TokenClaims } from '../tokens/claims.js';
import { TokenCheck, type Verdict } from '../revocation/token-check.js';
import { verdictOn } from '../revocation/session.check.js';
import type { SessionCopies } from './session-copies.js';

/** Answers from a copy of the row where that says yes. Whatever else it says, the next check has to say itself. */
export class CopiedCheck extends TokenCheck {
  constructor(
    private readonly copies: SessionCopies,
    private readonly next: TokenCheck,
    private readonly limits: SessionLimits,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async check(claims: TokenClaims): Promise<Verdict> {
    const key = { userId: claims.sub, guid: claims.guid };
    // Where a touch is due, the row tells whether that has happened, and a copy from before is of no more use.
    const activeAfter = this.clock.now() - this.limits.touchInterval;
    const { state, permit } = await this.copies.find(key, activeAfter);
    const verdict = state && verdictOn(state, claims.refTokID, this.clock.now(), this.limits);
    if (verdict?.ok) return verdict;
    const read = await this.next.check(claims);
    if (!read.ok || !read.state || permit === undefined) return read;
    if (read.lastActiveAt > activeAfter) this.copies.keep(key, read.state, permit);
    return read;
  }
}
