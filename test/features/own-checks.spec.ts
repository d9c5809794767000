import { afterEach, describe, expect, it } from 'vitest';
import { Controller, Get, Injectable, Module, UseGuards } from '@nestjs/common';
import { JwtSessionGuard, RevocationCheck, TokenCheck, type TokenClaims, type Verdict } from 'nestjs-session-registry';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import type { ErrorBody } from '../support/client.js';

@Injectable()
class Closed {
  readonly users = new Set<string>();
}

@Module({ providers: [Closed], exports: [Closed] })
class ClosedModule {
  static readonly global = { module: ClosedModule, global: true };
}

/** Refuses the users whose account is closed. */
@Injectable()
class AccountCheck extends TokenCheck {
  constructor(private readonly closed: Closed) {
    super();
  }

  override async check({ sub }: TokenClaims): Promise<Verdict> {
    return this.closed.users.has(sub) ? { ok: false, reason: 'user_inactive' } : { ok: true, lastActiveAt: 0 };
  }
}
Reflect.defineMetadata('design:paramtypes', [Closed], AccountCheck);

const answering = (check: () => unknown) => ({ check: async () => check() }) as unknown as TokenCheck;

@Controller('account')
@UseGuards(JwtSessionGuard)
@RevocationCheck('account')
class AccountController {
  @Get()
  get(): string {
    return 'in';
  }
}

describe.each(ADAPTERS)('a check of the app on %s', (adapter) => {
  let app: TestApp;
  afterEach(() => app.close());

  const start = async (options: object, more: object = {}) => {
    app = await startApp({ adapter, options, ...more });
    return app.client.signIn();
  };
  const check = 'account';

  it('that is a class gets what it needs of the app, and is asked on every request', async () => {
    const checks = { account: AccountCheck };
    const pair = await start({ checks, revocation: { check } }, { imports: [ClosedModule.global] });
    expect((await app.client.profile(pair.access_token)).status).toBe(200);
    app.nest.get(Closed, { strict: false }).users.add('id-of-ada');
    const { status, body } = await app.client.profile<ErrorBody>(pair.access_token);
    expect([status, body.code]).toEqual([401, 'invalid_token']);
    await expect(app.auth.authenticate(pair.access_token)).rejects.toMatchObject({ reason: 'user_inactive' });
  });

  it('that comes from a factory is asked by the routes that name it, and by no others', async () => {
    const verdict = { ok: false, reason: 'session_ended' };
    const checks = { account: { useFactory: async () => answering(() => verdict) } };
    const pair = await start({ checks }, { controllers: [AccountController] });
    const token = pair.access_token;
    expect((await app.client.call('GET', '/account', { token })).status).toBe(401);
    expect((await app.client.profile(token)).status).toBe(200);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('the accounts are away'))],
    ['answers nothing', () => undefined],
    ['answers yes in its own way', () => true],
    ['answers what looks like a yes', () => ({ ok: 'yes', lastActiveAt: 1 })],
  ])('that %s refuses with 503, and is told as its fault', async (_, answer) => {
    const pair = await start({ checks: { account: answering(answer) }, revocation: { check } });
    const { status, body } = await app.client.profile<ErrorBody>(pair.access_token);
    expect([status, body.code]).toEqual([503, 'unavailable']);
    await expect(app.auth.authenticate(pair.access_token)).rejects.toMatchObject({ reason: 'check_failed' });
  });
});

describe('an app refuses to boot', () => {
  const refused = (options: object, more: object = {}) => expect(startApp({ options, ...more })).rejects;

  it('over a check under the name of another', () =>
    refused({ checks: { session: answering(() => 1) } }).toThrow(
      'AuthModule option `checks.session`: a check of this library has that name. Give it another name.',
    ));

  it('over something that is not a check', () =>
    refused({ checks: { account: { useFactory: () => 'yes' } } }).toThrow(
      "AuthModule option `checks.account`: 'yes' has no method `check`. Give a class that extends `TokenCheck`.",
    ));

  it('over `revocation.check` with an unknown name', () =>
    refused({ checks: { account: answering(() => 1) }, revocation: { check: 'acount' } }).toThrow(
      "AuthModule option `revocation.check`: 'acount' is not one of its values. " +
        'Use session or denylist or validTokenFrom or expiry or account.',
    ));

  it('over a route with an unknown name', () =>
    refused({}, { controllers: [AccountController] }).toThrow(
      "AuthModule option `checks`: a route asks for the check 'account', which does not exist. " +
        "Add it, or ask for one of 'session', 'validTokenFrom', 'expiry'.",
    ));
});
