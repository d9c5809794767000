import { type CustomDecorator, SetMetadata } from '@nestjs/common';

/** The metadata key that `Public` sets. */
export const IS_PUBLIC = 'nestjs-session-registry:public';

/** Opens a route or a controller to everybody that a `JwtSessionGuard` would otherwise protect. */
export const Public = (): CustomDecorator => SetMetadata(IS_PUBLIC, true);
