import { describe, expect, it } from 'vitest';
import type { ExecutionContext, Type } from '@nestjs/common';
import { type HttpAdapterHost, Reflector } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { AuthGuard, type IAuthGuard } from '@nestjs/passport';
import passport from 'passport';
import type { ActiveSession, AuthService } from '../../src/auth/auth.service.js';
import type { AuthRequest } from '../../src/auth/request-info.js';
import { AuthError } from '../../src/errors.js';
import { type GuardedRequest, JwtSessionGuard } from '../../src/http/jwt-session.guard.js';
import { JwtSessionStrategy } from '../../src/passport/jwt-session.strategy.js';
import { Public } from '../../src/http/public.decorator.js';
import { RouteRules } from '../../src/http/route-rules.js';
import type { Refusals } from '../../src/http/refusals.js';
import { RevocationCheck } from '../../src/http/revocation-check.decorator.js';
import { SessionTransport } from '../../src/http/transport/session-transport.js';
import { resolveOptions } from '../../src/options/resolve-options.js';

const SESSION: ActiveSession = { userId: 'ada', guid: 'one', claims: {} };
const RESPONSE = { of: 'this request' };
const options = resolveOptions({ secret: 'a test secret of more than thirty-two bytes' });
const transport = new SessionTransport(options, {} as HttpAdapterHost);

/** Knows one token, and keeps what it is asked with. */
class Auth {
  readonly asked: [token: string, request: AuthRequest][] = [];

  readonly checks: (string | undefined)[] = [];

  async authenticate(token: string, request: AuthRequest, check?: string): Promise<ActiveSession> {
    this.asked.push([token, request]);
    this.checks.push(check);
    if (token === 'good') return SESSION;
    throw new AuthError('invalid_token', 'superseded');
  }
}

/** Marks what went through it, and on which response. */
const refusals = {
  report: (error: unknown) => ({ translated: error }),
  refuse: (error: unknown, response: unknown) => ({ refused: error, response }),
} as unknown as Refusals;

const requestWith = (authorization?: string): GuardedRequest => ({ headers: { authorization } });

describe('the guard', () => {
  class Closed {
    closed(): void {}
    @Public()
    open(): void {}
    @RevocationCheck('expiry')
    cheap(): void {}
  }
  @RevocationCheck('denylist')
  class Denying {
    denying(): void {}
    @RevocationCheck('session')
    strict(): void {}
  }
  @Public()
  class Open {
    open(): void {}
  }

  /** Asks the guard about a request to this handler. */
  async function ask(request: GuardedRequest, handler: () => void = Closed.prototype.closed, of: object = Closed) {
    const auth = new Auth();
    const guard = new JwtSessionGuard(
      auth as unknown as AuthService,
      new RouteRules(new Reflector(), options),
      refusals,
      transport,
    );
    const context = new ExecutionContextHost([request, RESPONSE], of as Type, handler);
    const verdict = guard.canActivate(context).catch((refusal: unknown) => refusal);
    return { verdict: await verdict, asked: auth.asked, checks: auth.checks };
  }

  it('lets a good token in, and says whose it is', async () => {
    const request = requestWith('Bearer good');
    const { verdict, asked } = await ask(request);
    expect(verdict).toBe(true);
    expect(request.user).toBe(SESSION);
    expect(asked).toEqual([['good', request]]);
    expect(asked[0]?.[1]).toBe(request);
  });

  it.each<[string, GuardedRequest, string]>([
    ['a token that does not count', requestWith('Bearer old'), 'superseded'],
    ['a request without a token', requestWith(), 'no_credentials'],
    ['a request without headers', {}, 'no_credentials'],
  ])('refuses %s on its response, and names nobody', async (_, request, reason) => {
    const { verdict } = await ask(request);
    const refused = expect.objectContaining({ name: 'AuthError', code: 'invalid_token', reason });
    expect(verdict).toEqual({ refused, response: RESPONSE });
    expect(request.user).toBeUndefined();
  });

  it.each<[string, () => void, object, string | undefined]>([
    ['the check of the app', Closed.prototype.closed, Closed, undefined],
    ['the check of a route', Closed.prototype.cheap, Closed, 'expiry'],
    ['the check of a controller', Denying.prototype.denying, Denying, 'denylist'],
    ['the check of a route before that of its controller', Denying.prototype.strict, Denying, 'session'],
  ])('asks for %s', async (_, handler, of, check) => {
    expect((await ask(requestWith('Bearer good'), handler, of)).checks).toEqual([check]);
  });

  it('asks nothing of who comes to a public route, or to a route of a public controller', async () => {
    for (const [handler, of] of [
      [Closed.prototype.open, Closed],
      [Open.prototype.open, Open],
    ] as const) {
      const request = requestWith('Bearer old');
      expect(await ask(request, handler, of)).toEqual({ verdict: true, asked: [], checks: [] });
      expect(request.user).toBeUndefined();
    }
  });
});

describe('the strategy', () => {
  /** Asks passport by the name of the strategy, with the options of its guard. */
  function ask(request: GuardedRequest): Promise<{ error: unknown; user: unknown }> {
    new JwtSessionStrategy(new Auth() as unknown as AuthService, refusals, transport);
    const ofGuard: Pick<IAuthGuard, 'getAuthenticateOptions'> = AuthGuard('jwt-session').prototype;
    const options = { session: false, ...ofGuard.getAuthenticateOptions({} as ExecutionContext) };
    return new Promise((resolve) => {
      const answer = (error: unknown, user: unknown) => resolve({ error, user });
      passport.authenticate('jwt-session', options, answer)(request, RESPONSE, answer);
    });
  }

  it('lets a good token in, and says whose it is', async () => {
    expect(await ask(requestWith('Bearer good'))).toEqual({ error: null, user: SESSION });
  });

  it.each([
    ['Bearer old', 'superseded'],
    [undefined, 'no_credentials'],
  ])('hands on the refusal of %j as the guard would', async (authorization, reason) => {
    const translated = expect.objectContaining({ name: 'AuthError', code: 'invalid_token', reason });
    expect(await ask(requestWith(authorization))).toEqual({ error: { translated }, user: undefined });
  });
});
