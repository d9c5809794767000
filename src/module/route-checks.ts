import type { ModulesContainer } from '@nestjs/core';
import { CHECK_KIND } from '../http/revocation-check.decorator.js';
import type { CheckName } from '../options/revocation-options.js';
import type { RevocationChecks } from '../revocation/revocation-checks.js';

/** Looks up the check of every route, so that an unknown name fails the boot. Throws ConfigurationError. */
export function requireRouteChecks(modules: ModulesContainer, checks: RevocationChecks): void {
  for (const { controllers, providers } of modules.values()) {
    for (const { metatype } of [...controllers.values(), ...providers.values()]) {
      if (typeof metatype === 'function') for (const name of namesOn(metatype)) checks.of(name);
    }
  }
}

/** The checks that `@RevocationCheck` names on a class and on its methods, inherited ones included. */
function namesOn(type: { readonly prototype: unknown }): CheckName[] {
  const targets: unknown[] = [type];
  for (let at = type.prototype; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const { value } of Object.values(Object.getOwnPropertyDescriptors(at))) targets.push(value);
  }
  return targets.flatMap((target) =>
    typeof target === 'function' ? (Reflect.getMetadata(CHECK_KIND, target) ?? []) : [],
  );
}
