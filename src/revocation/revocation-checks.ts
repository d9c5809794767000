import { ConfigurationError } from '../errors.js';
import type { CheckName } from '../options/revocation-options.js';
import type { TokenCheck } from './token-check.js';

/** All checks by name, and the default one for routes that do not name any. */
export class RevocationChecks {
  readonly #checks: ReadonlyMap<string, TokenCheck>;

  constructor(
    checks: Readonly<Record<string, TokenCheck>>,
    private readonly standard: TokenCheck,
  ) {
    this.#checks = new Map(Object.entries(checks));
  }

  /** The check with this name, or the default one. Throws ConfigurationError for an unknown name; boot tries those of all routes. */
  of(name?: CheckName): TokenCheck {
    const check = name === undefined ? this.standard : this.#checks.get(name);
    if (check) return check;
    if (name === 'denylist') throw nobodyDenies();
    const problem = `a route asks for the check '${name}', which does not exist`;
    const known = [...this.#checks.keys()].map((one) => `'${one}'`).join(', ');
    throw new ConfigurationError('checks', problem, `Add it, or ask for one of ${known}`);
  }
}

function nobodyDenies(): ConfigurationError {
  const problem = "a route asks for the check 'denylist', but there is no denylist";
  return new ConfigurationError('revocation.denylist', problem, "Set it, for example to 'database'");
}
