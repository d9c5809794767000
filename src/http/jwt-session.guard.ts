import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type ActiveSession, AuthService } from '../auth/auth.service.js';
import type { AuthRequest } from '../auth/request-info.js';
import { AuthError } from '../errors.js';
import type { CheckKind } from '../options/auth-module-options.js';
import { Refusals } from './refusals.js';
import { RouteRules } from './route-rules.js';
import { SessionTransport } from './transport/session-transport.js';

/** A request once the guard let it in: `user` is the session that asks. */
export type GuardedRequest = AuthRequest & { user?: ActiveSession };

/**
 * Lets a request in if its access token stands for a live session, asking the session row each time. Use it on a
 * route, a controller, or everywhere as `APP_GUARD`. Throws an HTTP 401 or 503; 400 and 403 as `SessionTransport` does.
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
    const { isPublic, check } = this.rules.of(context);
    if (isPublic) return true;
    const request = context.switchToHttp().getRequest<GuardedRequest>();
    try {
      request.user = await authenticateRequest(this.auth, this.transport, request, check);
      return true;
    } catch (error) {
      throw this.refusals.refuse(error, context.switchToHttp().getResponse());
    }
  }
}

/** The session of a request's access token, by the check of its route. Throws AuthError. */
export async function authenticateRequest(
  auth: AuthService,
  transport: SessionTransport,
  request: AuthRequest,
  check?: CheckKind,
): Promise<ActiveSession> {
  const token = transport.accessToken(request);
  if (token === undefined) throw new AuthError('invalid_token', 'no_credentials');
  return auth.authenticate(token, request, check);
}
