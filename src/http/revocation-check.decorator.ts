import { type CustomDecorator, SetMetadata } from '@nestjs/common';
import type { CheckName } from '../options/revocation-options.js';

/** The metadata key `RevocationCheck` sets. */
export const CHECK_KIND = 'nestjs-session-registry:check';

/** Has a route, or all of a controller, ask another check than `revocation.check`: `@RevocationCheck('session')`. */
export const RevocationCheck = (kind: CheckName): CustomDecorator => SetMetadata(CHECK_KIND, kind);
