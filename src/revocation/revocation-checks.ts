import { ConfigurationError } from '../errors.js';
import type { CheckName } from '../options/revocation-options.js';
import type { TokenCheck } from './token-check.js';

/** The checks there are, by name, and the one that is asked unless a route wants another. */
export class RevocationChecks {
  readonly #checks: ReadonlyMap<string, TokenCheck>;

  constructor(
    checks: Readonly<Record<string, TokenCheck>>,
    private readonly standard: TokenCheck,
  ) {
    this.#checks = new Map(Object.entries(checks));
  }

  /** The check of this name, or the app's. Throws ConfigurationError for one there is not; boot asks for those of routes. */
  of(name?: CheckName): TokenCheck {
    const check = name === undefined ? this.standard : this.#checks.get(name);
    if (check) return check;
    if (name === 'denylist') throw nobodyDenies();
    const problem = `a route asks for the check '${name}', and there is none`;
    const known = [...this.#checks.keys()].map((one) => `'${one}'`).join(', ');
    throw new ConfigurationError('checks', problem, `Add it, or ask for one of ${known}`);
  }
}

function nobodyDenies(): ConfigurationError {
  const problem = "a route asks for the check 'denylist', and there is none";
  return new ConfigurationError(
    'revocation.denylist',
    problem,
    "Give it, for example 'database', so that entries are made",
  );
}
