import { HttpStatus, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { Strategy } from 'passport-jwt';
import { type ActiveSession, AuthService } from '../auth/auth.service.js';
import type { AuthRequest } from '../auth/request-info.js';
import { AuthError } from '../errors.js';
import { AuthHttpException } from '../http/auth-http.exception.js';
import { Refusals } from '../http/refusals.js';
import { SessionTransport } from '../http/transport/session-transport.js';
import { nameIn } from '../realm/realm-name.js';
import { isAlone, markLoneGuard } from './lone-guard.js';

const NAME = 'jwt-session';

/**
 * `AuthGuard('jwt-session')`, for apps built on passport: the same verdicts and answers as `JwtSessionGuard`. Add it to
 * the providers of one module. For a realm add `inRealm('admin', JwtSessionStrategy)`: its name is `jwt-session-admin`.
 */
@Injectable()
export class JwtSessionStrategy extends PassportStrategy(Strategy, NAME) {
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
    const name = nameIn(auth.realm, NAME);
    passport.use(name, this);
    markLoneGuard(name);
  }

  /** What the base class calls to make itself known by a name that is the same for all realms. */
  protected getPassportInstance(): { use(): unknown } {
    return { use: () => passport };
  }

  /** Passport's entry point. Overridden because passport-jwt's own verification omits checks that RFC 8725 requires. */
  override authenticate(request: AuthRequest, options?: object): void {
    this.validate(request).then(
      (session) => this.success(session),
      (error: unknown) => this.answer(error, request, isAlone(options)),
    );
  }

  /** The session of the request. Rejects like `AuthService.authenticate` and `SessionTransport.requireAccessToken`. */
  async validate(request: AuthRequest): Promise<ActiveSession> {
    return this.auth.authenticate(this.transport.requireAccessToken(request), request);
  }

  // Not `#answer`: passport calls methods on objects that only inherit from this one.
  private answer(error: unknown, request: AuthRequest, isLast: boolean): void {
    // In a row, a request without our token is not refused yet: its credentials may be for another strategy.
    const isForOther = !isLast && error instanceof AuthError && error.reason === 'no_credentials';
    const refusal = isForOther ? new AuthHttpException(error) : this.refusals.report(error, request);
    if (isLast || !asksNext(refusal)) this.error(refusal as Error);
    else this.fail(refusal, HttpStatus.UNAUTHORIZED);
  }
}

/** Only a 401 asks the next strategy: a 503 tells nothing about the token, and after a 400 or 403 the request is wrong. */
function asksNext(refusal: unknown): boolean {
  return refusal instanceof AuthHttpException && refusal.getStatus() === HttpStatus.UNAUTHORIZED;
}
