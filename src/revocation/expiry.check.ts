import { TokenCheck, type Verdict } from './token-check.js';

/** Asks nobody: what was signed out loses its renewals at once, and its access token when that ends. */
export class ExpiryCheck extends TokenCheck {
  override async check(): Promise<Verdict> {
    return { ok: true, lastActiveAt: 0 };
  }
}
