import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { type ActiveSession, AuthService } from '../auth/auth.service.js';
import type { AuthRequest } from '../auth/request-info.js';
import { Refusals } from './refusals.js';
import { SessionTransport } from './transport/session-transport.js';

/** `AuthGuard('jwt-session')`, for apps composed with passport: the verdicts of `JwtSessionGuard`, and its answers. */
@Injectable()
export class JwtSessionStrategy extends PassportStrategy(Strategy, 'jwt-session') {
  constructor(
    private readonly auth: AuthService,
    private readonly refusals: Refusals,
    private readonly transport: SessionTransport,
  ) {
    super({
      jwtFromRequest: (request) => transport.accessToken(request) ?? null,
      // Never asked for: `authenticate` below verifies the token itself.
      secretOrKeyProvider: (_request, _token, done) => done('the session registry verifies its tokens itself'),
    });
  }

  /** passport's entry. Overridden, because passport-jwt's own verification leaves out what RFC 8725 asks for. */
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
