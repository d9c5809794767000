import type { Clock } from '../clock.js';
import type { SessionLimits } from '../options/session-options.js';
import type { TokenClaims } from '../tokens/claims.js';
import { TokenCheck, type Verdict } from '../revocation/token-check.js';
import { verdictOn } from '../revocation/session.check.js';
import type { SessionCopies } from './session-copies.js';

/** Accepts a token if a copy of the row does. In every other case the next check decides. */
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
    // When a touch is due, only the row tells whether another process has written it. An older copy cannot.
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
