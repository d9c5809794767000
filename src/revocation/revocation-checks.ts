import { ConfigurationError } from '../errors.js';
import type { CheckKind } from '../options/revocation-options.js';
import type { RevocationCheck } from './revocation-check.js';

/** The checks there are, by kind, and the one that is asked unless a route wants another. */
export class RevocationChecks {
  constructor(
    private readonly checks: Readonly<Partial<Record<CheckKind, RevocationCheck>>>,
    private readonly standard: RevocationCheck | undefined,
  ) {}

  /** The check of this kind, or the app's. Throws ConfigurationError for a denylist that nobody writes to. */
  of(kind?: CheckKind): RevocationCheck {
    const check = kind === undefined ? this.standard : this.checks[kind];
    if (check) return check;
    const problem = "a route asks for the check 'denylist', and there is none";
    throw new ConfigurationError(
      'revocation.denylist',
      problem,
      "Give it, for example 'database', so that entries are made",
    );
  }
}
