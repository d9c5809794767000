import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  Controller,
  Delete,
  ForbiddenException,
  HttpCode,
  Inject,
  NotFoundException,
  Param,
  UseGuards,
} from '@nestjs/common';
import {
  type ActiveSession,
  Clock,
  CurrentSession,
  JwtSessionGuard,
  RevocationCheck,
  SessionRegistry,
} from 'nestjs-session-registry';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { MINUTE } from '../support/times.js';

/** The routes of docs/security.md: nobody ends another session long after their own sign-in. */
@Controller('sessions')
@UseGuards(JwtSessionGuard)
@RevocationCheck('session')
class FreshSessionsController {
  constructor(
    @Inject(SessionRegistry) private readonly registry: SessionRegistry,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Delete(':guid')
  @HttpCode(204)
  async revoke(@CurrentSession() { userId, guid: own }: ActiveSession, @Param('guid') guid: string): Promise<void> {
    const [session] = await this.registry.list(userId, { current: own, limit: 1 });
    const signedIn = Date.parse(session?.createdAt ?? '');
    if (!(this.clock.now() - signedIn < 10 * MINUTE)) throw new ForbiddenException({ code: 'reauth_required' });
    if (!(await this.registry.revoke(userId, guid))) throw new NotFoundException();
  }
}

describe.each(ADAPTERS)('sign-in and tokens of the library, sessions of the app (%s)', (adapter) => {
  let app: TestApp;
  beforeEach(async () => {
    const options = { controllers: ['login', 'tokens'], revocation: { check: 'expiry' } } as const;
    app = await startApp({ adapter, options, controllers: [FreshSessionsController] });
  });
  afterEach(() => app.close());

  const revoke = (token: string, guid: string) => app.client.call('DELETE', `/sessions/${guid}`, { token });

  it('mount sign-in, renewal and sign-out, and nothing that ends or shows a session of somebody else', async () => {
    const { access_token: token, refresh_token } = await app.client.signIn();
    expect((await app.client.refresh(refresh_token)).status).toBe(200);
    const others: [string, string][] = [
      ['GET', '/sessions'],
      ['GET', '/sessions/events'],
      ['PATCH', '/sessions/x'],
      ['DELETE', '/sessions'],
      ['DELETE', '/sessions?except=current'],
      ['GET', '/.well-known/jwks.json'],
    ];
    for (const [method, path] of others) {
      const { status, body } = await app.client.call(method, path, { token });
      expect({ path, status, body }).toMatchObject({
        path,
        status: 404,
        body: { message: `Cannot ${method} ${path}` },
      });
    }
    expect((await app.client.logout({ token })).status).toBe(204);
  });

  it('ask for a new sign-in before a session is ended, long after the last one', async () => {
    const [desk, phone] = [await app.client.signIn(), await app.client.signIn()];
    app.clock.advance(10 * MINUTE);
    const { access_token: stale } = (await app.client.refresh(desk.refresh_token)).body;
    expect(await revoke(stale, phone.session.guid)).toMatchObject({ status: 403, body: { code: 'reauth_required' } });
    const { access_token: fresh } = await app.client.signIn();
    expect((await revoke(fresh, phone.session.guid)).status).toBe(204);
    expect(await app.registry.list('id-of-ada')).toHaveLength(2);
  });

  it('let no device end another one after it was signed out, whatever the check of the app', async () => {
    const [thief, owner] = [await app.client.signIn(), await app.client.signIn()];
    expect((await revoke(owner.access_token, thief.session.guid)).status).toBe(204);
    expect((await app.client.profile(thief.access_token)).status).toBe(200);
    expect(await revoke(thief.access_token, owner.session.guid)).toMatchObject({
      ...{ status: 401, body: { code: 'invalid_token' } },
    });
  });
});
