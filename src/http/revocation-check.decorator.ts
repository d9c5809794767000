import { type CustomDecorator, SetMetadata } from '@nestjs/common';
import type { CheckName } from '../options/revocation-options.js';
import { nameIn } from '../realm/realm-name.js';

/** The metadata key that `RevocationCheck` sets. */
export const CHECK_KIND = 'nestjs-session-registry:check';

/**
 * Makes a route, or a whole controller, use another check than `revocation.check`: `@RevocationCheck('session')`. With the
 * name of a realm it speaks to the guard of that realm.
 */
export const RevocationCheck = (kind: CheckName, realm?: string): CustomDecorator =>
  SetMetadata(nameIn(realm, CHECK_KIND), kind);
