import { type CustomDecorator, SetMetadata } from '@nestjs/common';
import type { CheckName } from '../options/revocation-options.js';

/** The metadata key that `RevocationCheck` sets. */
export const CHECK_KIND = 'nestjs-session-registry:check';

/** Makes a route, or a whole controller, use another check than `revocation.check`: `@RevocationCheck('session')`. */
export const RevocationCheck = (kind: CheckName): CustomDecorator => SetMetadata(CHECK_KIND, kind);
