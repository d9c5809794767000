import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { type ActiveSession, AuthService } from '../auth/auth.service.js';
import type { AuthRequest } from '../auth/request-info.js';
import { Refusals } from './refusals.js';
import { SessionTransport } from './transport/session-transport.js';

/** `AuthGuard('jwt-session')`, for apps built on passport: the same verdicts and answers as `JwtSessionGuard`. */
@Injectable()
export class JwtSessionStrategy extends PassportStrategy(Strategy, 'jwt-session') {
  constructor(
    private readonly auth: AuthService,
    private readonly refusals: Refusals,
    private readonly transport: SessionTransport,
  ) {
    super({
      jwtFromRequest: (request) => transport.accessToken(request) ?? null,
      // Never called: `authenticate` below verifies the token itself.
      secretOrKeyProvider: (_request, _token, done) => done('the session registry verifies its tokens itself'),
    });
  }

  /** Passport's entry point. Overridden because passport-jwt's own verification omits checks that RFC 8725 requires. */
  override authenticate(request: AuthRequest): void {
    this.validate(request).then(
      (session) => this.success(session),
      (error: unknown) => this.error(this.refusals.report(error, request) as Error),
    );
  }

  async validate(request: AuthRequest): Promise<ActiveSession> {
    return this.auth.authenticate(this.transport.requireAccessToken(request), request);
  }
}
