import { TokenCheck, type Verdict } from './token-check.js';

/** Accepts every valid access token. A sign-out ends renewals at once, and the access token works until it expires. */
export class ExpiryCheck extends TokenCheck {
  override async check(): Promise<Verdict> {
    return { ok: true, lastActiveAt: 0 };
  }
}
