import { ConfigurationError } from '../errors.js';
import type { CheckKind } from '../options/auth-module-options.js';
import type { RevocationCheck } from './revocation-check.js';

/** The checks there are, by kind, and the one that is asked unless a route wants another. */
export class RevocationChecks {
  constructor(
    private readonly checks: Readonly<Partial<Record<CheckKind, RevocationCheck>>>,
    private readonly standard: CheckKind,
  ) {}

  /** The check of this kind. Throws ConfigurationError for a denylist that nobody writes to. */
  of(kind: CheckKind = this.standard): RevocationCheck {
    const check = this.checks[kind];
    if (check) return check;
    const problem = `a route asks for the check '${kind}', and there is none`;
    throw new ConfigurationError(
      'revocation.denylist',
      problem,
      "Give it, for example 'database', so that entries are made",
    );
  }
}
