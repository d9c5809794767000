import { afterEach, describe, expect, it } from 'vitest';
import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import {
  type AuthRequest,
  AuthService,
  type AuthUser,
  type RefusalReason,
  type TokenPair,
} from 'nestjs-session-registry';
import { ADAPTERS, startApp, type TestApp, type TestAppOptions } from '../support/app.js';
import { headerOf } from '../support/client.js';
import { MINUTE } from '../support/times.js';
import { rowOf, verdictOf } from '../support/inspect.js';

let app: TestApp;

async function start(given: TestAppOptions = {}): Promise<void> {
  app = await startApp(given);
}

afterEach(() => app.close());

describe.each(ADAPTERS)('an app that signs in by itself, without a users class, on %s', (adapter) => {
  @Controller('magic-link')
  class MagicLinkController {
    constructor(private readonly auth: AuthService) {}

    @Post()
    @HttpCode(200)
    redeem(@Body() { code }: { code: number }, @Req() request: AuthRequest): Promise<TokenPair> {
      return this.auth.login(code, request, { deviceName: 'by magic link' });
    }
  }

  async function startWithout(options: TestAppOptions['options'] = {}): Promise<void> {
    await start({ adapter, options: { users: undefined, ...options }, controllers: [MagicLinkController] });
  }

  const redeem = (headers: Record<string, string> = {}) =>
    app.client.call<TokenPair>('POST', '/magic-link', { body: { code: 42 }, headers });

  it('gets the same token pair and the same session as a login by password', async () => {
    await startWithout();
    const { status, body } = await redeem();
    expect(status).toBe(200);
    expect(headerOf(body.access_token)).toMatchObject({ typ: 'at+jwt' });
    expect(body.session).toMatchObject({
      name: 'by magic link',
      device: { browser: 'Chrome', os: 'Windows' },
      ip: expect.stringMatching(/127\.0\.0\.1$/),
    });
    expect((await app.client.profile(body.access_token)).body).toMatchObject({ userId: '42' });
    app.clock.advance(MINUTE);
    expect((await app.client.refresh(body.refresh_token)).status).toBe(200);
    expect((await app.client.list(body.access_token)).body).toHaveLength(1);
  });

  it('mounts no login by password', async () => {
    await startWithout();
    expect((await app.client.login('ada')).status).toBe(404);
  });

  it('answers a refusal of the library in the same shape on a route of the app', async () => {
    await startWithout({ maxSessions: 1, whenFull: 'reject' });
    await redeem();
    const { status, body } = await redeem();
    expect(status).toBe(403);
    expect(body).toMatchObject({ statusCode: 403, code: 'session_limit' });
  });

  it('replaces the session of a device that is signed in already and says so', async () => {
    await startWithout();
    const first = await redeem();
    const second = await redeem({ authorization: `Bearer ${first.body.access_token}` });
    expect(rowOf(app, first.body.session.guid).endReason).toBe('replaced');
    expect(rowOf(app, second.body.session.guid).endedAt).toBeNull();
  });

  it('makes claims of { id }, or of the user it hands over', async () => {
    await startWithout({
      claims: (user: AuthUser & { role?: string }) => ({ of: user.id, role: user.role ?? 'none' }),
    });
    expect((await app.auth.authenticate((await app.auth.login(42)).access_token)).claims).toEqual({
      of: '42',
      role: 'none',
    });
    const user = { id: 42, role: 'admin' };
    const pair = await app.auth.login(42, undefined, { user });
    expect((await app.auth.authenticate(pair.access_token)).claims).toEqual({ of: 42, role: 'admin' });
    const renewed = await app.auth.refresh(pair.refresh_token);
    expect((await app.auth.authenticate(renewed.access_token)).claims).toEqual({ of: 42, role: 'admin' });
  });

  it('needs no request, and then knows nothing of the device', async () => {
    await startWithout();
    const { session } = await app.auth.login('a cron job');
    expect(session).toMatchObject({ name: 'Unknown device', ip: null, device: { type: 'unknown' } });
  });

  it('is refused when everybody was signed out after its ticket was drawn', async () => {
    await startWithout();
    const ticket = await app.auth.currentTicket();
    await app.registry.revokeAll('42');
    const late: RefusalReason | 'accepted' = await verdictOf(app.auth.login(42, undefined, { ticket }));
    expect(late).toBe('cut_off');
    expect(await verdictOf(app.auth.login(42))).toBe('accepted');
  });
});
