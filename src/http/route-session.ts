import { applyDecorators, type CanActivate, type ExecutionContext, Injectable, UseGuards } from '@nestjs/common';
import type { ActiveSession } from '../auth/auth.service.js';
import type { CheckName } from '../options/revocation-options.js';
import { type GuardedRequest, JwtSessionGuard } from './jwt-session.guard.js';
import { RevocationCheck } from './revocation-check.decorator.js';

const sessions = new WeakMap<GuardedRequest, ActiveSession>();

/** Remembers the session that the guard found: an interceptor of the app may put its own user in its place. */
@Injectable()
class SessionKeeper implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.getArgByIndex<GuardedRequest>(0);
    if (request.user) sessions.set(request, request.user);
    return true;
  }
}

/** The check of this library's own routes: always the session's row, whatever the check of the app still lets in. */
export const OWN_CHECK: CheckName = 'session';

/** Guards routes of this library; their handlers ask `sessionOf` for the session. */
export const Guarded = (): ClassDecorator =>
  applyDecorators(UseGuards(JwtSessionGuard, SessionKeeper), RevocationCheck(OWN_CHECK));

/** The session of a request that came through `Guarded`. */
export function sessionOf(request: GuardedRequest): ActiveSession {
  const session = sessions.get(request);
  if (session === undefined) throw new Error('This route is not behind the guard of the session registry');
  return session;
}
