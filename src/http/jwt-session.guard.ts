import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type ActiveSession, AuthService } from '../auth/auth.service.js';
import type { AuthRequest } from '../auth/request-info.js';
import { AuthError } from '../errors.js';
import { Refusals } from './refusals.js';
import { type RouteRule, RouteRules } from './route-rules.js';
import { SessionTransport } from './transport/session-transport.js';

/** A request that the guard has let in: `user` is its session, if it has one. */
export type GuardedRequest = AuthRequest & { user?: ActiveSession };

/**
 * Lets a request in if its access token belongs to a live session, checking the session's row each time. Use it on a
 * route, a controller, or everywhere as `APP_GUARD`; `@Public()` and `@OptionalSession()` open routes. Throws an HTTP 401
 * or 503, and 400 and 403 like `SessionTransport`.
 */
@Injectable()
export class JwtSessionGuard implements CanActivate {
  constructor(
    private readonly auth: AuthService,
    private readonly rules: RouteRules,
    private readonly refusals: Refusals,
    private readonly transport: SessionTransport,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { isPublic, check, optional } = this.rules.of(context);
    if (isPublic) return true;
    // `switchToHttp` creates new functions for each request.
    const request = context.getArgByIndex<GuardedRequest>(0);
    try {
      request.user = await this.auth.authenticate(this.transport.requireAccessToken(request), request, check);
      return true;
    } catch (error) {
      if (optional && isAnonymous(error, optional)) return true;
      throw this.refusals.refuse(error, context.getArgByIndex(1), request);
    }
  }
}

/** Whether a route for both takes this refusal for "nobody is signed in". */
function isAnonymous(error: unknown, optional: NonNullable<RouteRule['optional']>): boolean {
  if (!(error instanceof AuthError) || error.code !== 'invalid_token') return false;
  return optional === 'ignore' || error.reason === 'no_credentials';
}
