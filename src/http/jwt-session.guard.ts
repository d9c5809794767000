import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type ActiveSession, AuthService } from '../auth/auth.service.js';
import { type AuthRequest, bearerTokenOf } from '../auth/request-info.js';
import { AuthError } from '../errors.js';
import { IS_PUBLIC } from './public.decorator.js';
import { Refusals } from './refusals.js';

/** A request once the guard let it in: `user` is the session that asks. */
export type GuardedRequest = AuthRequest & { user?: ActiveSession };

/**
 * Lets a request in if its access token stands for a live session, asking the session row each time. Use it on a
 * route, a controller, or everywhere as `APP_GUARD`. Throws an HTTP 401 or 503.
 */
@Injectable()
export class JwtSessionGuard implements CanActivate {
  constructor(
    private readonly auth: AuthService,
    private readonly reflector: Reflector,
    private readonly refusals: Refusals,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, [context.getHandler(), context.getClass()])) return true;
    const request = context.switchToHttp().getRequest<GuardedRequest>();
    try {
      request.user = await authenticateRequest(this.auth, request);
      return true;
    } catch (error) {
      throw this.refusals.refuse(error, context.switchToHttp().getResponse());
    }
  }
}

/** The session of a request's bearer token. Throws AuthError. */
export async function authenticateRequest(auth: AuthService, request: AuthRequest): Promise<ActiveSession> {
  const token = bearerTokenOf(request);
  if (token === undefined) throw new AuthError('invalid_token', 'no_credentials');
  return auth.authenticate(token, request);
}
