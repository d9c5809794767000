import { createParamDecorator, type ExecutionContext, type PipeTransform, type Type } from '@nestjs/common';
import type { ActiveSession } from '../auth/auth.service.js';

/** Written out, because the type that Nest 12 gives has a name that Nest 11 does not know. */
type CurrentSessionDecorator = (
  ...realmOrPipes: (string | PipeTransform | Type<PipeTransform>)[]
) => ParameterDecorator;

/**
 * The session of the request, an `ActiveSession`. Undefined on a route without a guard, and under `@OptionalSession()` if
 * nobody is signed in. With the name of a realm it is the session that the guard of that realm found, and without one that of
 * the module without a name.
 */
export const CurrentSession: CurrentSessionDecorator = createParamDecorator(
  (realm: string | undefined, context: ExecutionContext): ActiveSession | undefined => {
    const session = context.getArgByIndex<{ user?: ActiveSession }>(0).user;
    if (session?.realm === realm) return session;
    if (session === undefined || realm !== undefined) return undefined;
    throw new Error(
      `This request has a session of the realm '${session.realm}': write @CurrentSession('${session.realm}')`,
    );
  },
);
