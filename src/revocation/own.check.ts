import { AuthError } from '../errors.js';
import { type Faults, UNHEARD } from '../faults/faults.js';
import type { TokenClaims } from '../tokens/claims.js';
import { TokenCheck, type Verdict } from './token-check.js';

/** Wraps a check of the app so that it fails closed: an error, or anything but a verdict, refuses the request with 503. */
export class OwnCheck extends TokenCheck {
  constructor(
    private readonly name: string,
    private readonly own: TokenCheck,
    private readonly faults: Faults = UNHEARD,
  ) {
    super();
  }

  override async check(claims: TokenClaims): Promise<Verdict> {
    try {
      const verdict = verdictOf(await this.own.check(claims));
      this.faults.succeeded('check');
      return verdict;
    } catch (cause) {
      this.faults.failed('check', cause, `the check '${this.name}'`);
      throw new AuthError('unavailable', 'check_failed', { cause });
    }
  }
}

/** Validates at run time, because an app may not be type-checked. */
function verdictOf(given: Verdict | undefined): Verdict {
  if (given?.ok === true) return { ...given, lastActiveAt: given.lastActiveAt ?? 0 };
  if (given?.ok === false && typeof given.reason === 'string') return given;
  throw new TypeError(
    'It did not resolve to a verdict. Return `{ ok: true, lastActiveAt }` or `{ ok: false, reason }`',
  );
}
