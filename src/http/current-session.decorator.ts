import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { ActiveSession } from '../auth/auth.service.js';

/**
 * The session of the request, an `ActiveSession`. Undefined on a route without a guard, and under `@OptionalSession()` if
 * nobody is signed in.
 */
export const CurrentSession = createParamDecorator(
  (_data: unknown, context: ExecutionContext): ActiveSession | undefined =>
    context.getArgByIndex<{ user?: ActiveSession }>(0).user,
);
