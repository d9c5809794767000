import { type CustomDecorator, SetMetadata } from '@nestjs/common';
import { nameIn } from '../realm/realm-name.js';

/** The metadata key that `Public` sets. */
export const IS_PUBLIC = 'nestjs-session-registry:public';

/**
 * Opens a route or a controller to everybody that a `JwtSessionGuard` would otherwise protect. With the name of a realm it
 * speaks to the guard of that realm, and without one to the guard of the module without a name.
 */
export const Public = (realm?: string): CustomDecorator => SetMetadata(nameIn(realm, IS_PUBLIC), true);
