import { type CustomDecorator, SetMetadata } from '@nestjs/common';

/** The metadata key `Public` sets. */
export const IS_PUBLIC = 'nestjs-session-registry:public';

/** Lets everybody into a route or a controller that a `JwtSessionGuard` would close. */
export const Public = (): CustomDecorator => SetMetadata(IS_PUBLIC, true);
