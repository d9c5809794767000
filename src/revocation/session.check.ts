import type { Clock } from '../clock.js';
import type { SessionLimits } from '../options/resolved-auth-options.js';
import { endOf, generationOf, isUnusedSuccessor, refusalOf } from '../sessions/session.js';
import type { SessionStore } from '../sessions/session-store.js';
import type { TokenClaims } from '../tokens/claims.js';
import { RevocationCheck, type Verdict } from './revocation-check.js';

/** The strict check: reads the session row by its guid on every request. What was revoked is refused at once. */
export class SessionCheck extends RevocationCheck {
  constructor(
    private readonly store: SessionStore,
    private readonly limits: SessionLimits,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async check({ sub: userId, guid, refTokID }: TokenClaims): Promise<Verdict> {
    const key = { userId, guid };
    const session = await this.store.check(key);
    if (!session) return { ok: false, reason: 'session_unknown' };
    const now = this.clock.now();
    const end = endOf(session, now, this.limits);
    if (end) return { ok: false, reason: refusalOf(end) };
    const generation = generationOf(session, refTokID, now, this.limits.reuseInterval);
    if (generation === 'superseded') return { ok: false, reason: 'superseded' };
    // From here on the predecessor is living on its interval alone: recorded before this request is let in.
    if (generation === 'current' && isUnusedSuccessor(session)) await this.store.markUsed(key, refTokID, now);
    return { ok: true, lastActiveAt: session.lastActiveAt };
  }
}
