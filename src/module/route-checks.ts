import type { ModulesContainer } from '@nestjs/core';
import { CHECK_KIND } from '../http/revocation-check.decorator.js';
import type { CheckName } from '../options/revocation-options.js';
import { nameIn } from '../realm/realm-name.js';
import type { RevocationChecks } from '../revocation/revocation-checks.js';

/** Looks up the check that every route has in a realm, so that an unknown name fails the boot. Throws ConfigurationError. */
export function requireRouteChecks(modules: ModulesContainer, checks: RevocationChecks, realm?: string): void {
  const key = nameIn(realm, CHECK_KIND);
  for (const { controllers, providers } of modules.values()) {
    for (const { metatype } of [...controllers.values(), ...providers.values()]) {
      if (typeof metatype === 'function') for (const name of namesOn(metatype, key)) checks.of(name);
    }
  }
}

/** The checks that `@RevocationCheck` names on a class and on its methods, inherited ones included. */
function namesOn(type: { readonly prototype: unknown }, key: string): CheckName[] {
  const targets: unknown[] = [type];
  for (let at = type.prototype; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const { value } of Object.values(Object.getOwnPropertyDescriptors(at))) targets.push(value);
  }
  return targets.flatMap((target) => (typeof target === 'function' ? (Reflect.getMetadata(key, target) ?? []) : []));
}
