import type { Clock } from '../clock.js';
import type { SessionLimits } from '../options/session-options.js';
import { endOf, generationOf, isUnusedSuccessor, refusalOf, type SessionState } from '../sessions/session.js';
import type { SessionStore } from '../sessions/session-store.js';
import type { TokenClaims } from '../tokens/claims.js';
import { TokenCheck, type Verdict } from './token-check.js';

/** The strict check: reads the row of the session on every request, so that a revoked session is refused at once. */
export class SessionCheck extends TokenCheck {
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
    const verdict = verdictOn(session, refTokID, now, this.limits);
    if (!verdict.ok || !isUnusedSuccessor(session)) return verdict;
    // From now on the predecessor is only accepted within `reuseInterval`. Store that before the request is let in.
    if (session.refTokID === refTokID) await this.store.markUsed(key, refTokID, now);
    return { ok: true, lastActiveAt: session.lastActiveAt };
  }
}

/** The verdict on a token of this generation, according to the row of its session. */
export function verdictOn(session: SessionState, refTokID: string, now: number, limits: SessionLimits): Verdict {
  const end = endOf(session, now, limits);
  if (end) return { ok: false, reason: refusalOf(end) };
  const generation = generationOf(session, refTokID, now, limits.reuseInterval);
  if (generation === 'superseded') return { ok: false, reason: 'superseded' };
  return { ok: true, lastActiveAt: session.lastActiveAt, state: session };
}
