import { Inject, Injectable } from '@nestjs/common';
import { isCutOff, SessionStore, TokenCheck, type TokenClaims, type Verdict } from 'nestjs-session-registry';

/** A check as somebody else would write it: asks the store for the session and for the cutoffs. */
@Injectable()
export class DocumentCheck extends TokenCheck {
  constructor(@Inject('sessions of the app') private readonly sessions: SessionStore) {
    super();
  }

  override async check(claims: TokenClaims): Promise<Verdict> {
    const key = { userId: claims.sub, guid: claims.guid };
    const session = await this.sessions.check(key);
    if (!session || session.endedAt !== null) return { ok: false, reason: 'session_ended' };
    if (isCutOff(await this.sessions.cutoffOf(key), claims)) return { ok: false, reason: 'cut_off' };
    return { ok: true, lastActiveAt: session.lastActiveAt };
  }
}
