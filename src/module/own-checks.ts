import { inspect } from 'node:util';
import type { Provider } from '@nestjs/common';
import { ConfigurationError } from '../errors.js';
import type { FaultLog } from '../faults/fault-log.js';
import { CHECK_KINDS, type CheckKind } from '../options/revocation-options.js';
import { OwnCheck } from '../revocation/own.check.js';
import type { TokenCheck } from '../revocation/token-check.js';
import { type Form, providerOf } from './forms.js';

/** The injection token of the app's own checks, by name. */
export const OWN_CHECKS = Symbol('OWN_CHECKS');

/** The providers of the app's own checks. Throws ConfigurationError for a name that is already taken. */
export function ownChecks(forms: Readonly<Record<string, Form<TokenCheck>>> = {}): Provider[] {
  const all = Object.entries(forms).map(([name, form]) => ({ name: freeName(name), token: Symbol(name), form }));
  return [
    ...all.map(({ token, form }) => providerOf(token, form)),
    {
      provide: OWN_CHECKS,
      inject: all.map(({ token }) => token),
      useFactory: (...made: TokenCheck[]) => Object.fromEntries(all.map(({ name }, at) => [name, made[at]])),
    },
  ];
}

/** The app's own checks, wrapped so that they fail closed. Throws ConfigurationError for a value that is not a check. */
export function guarded(own: Readonly<Record<string, TokenCheck>>, faults: FaultLog): Record<string, TokenCheck> {
  return Object.fromEntries(
    Object.entries(own).map(([name, check]) => [name, new OwnCheck(name, checked(name, check), faults)]),
  );
}

function checked(name: string, check: TokenCheck): TokenCheck {
  if (typeof check?.check === 'function') return check;
  const problem = `${inspect(check, { depth: 0 })} has no method \`check\``;
  throw new ConfigurationError(`checks.${name}`, problem, 'Give a class that extends `TokenCheck`');
}

function freeName(name: string): string {
  if (!CHECK_KINDS.includes(name as CheckKind)) return name;
  throw new ConfigurationError(`checks.${name}`, 'a check of this library has that name', 'Give it another name');
}
