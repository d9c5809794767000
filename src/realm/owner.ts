import { SetMetadata } from '@nestjs/common';

/** The metadata key for the realm whose routes a controller of this library has. */
export const OWNER = 'nestjs-session-registry:owner';

/** The owner of the routes of a module without a name. */
export const NO_REALM = '';

/** Marks a controller of this library: it guards its routes itself, so that the guard of another realm passes them over. */
export const OwnRoutes = (): ClassDecorator => SetMetadata(OWNER, NO_REALM);
