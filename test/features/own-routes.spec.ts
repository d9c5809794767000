import { afterEach, describe, expect, it } from 'vitest';
import { type RefusalReason, type RevocationOptions, SessionEvents, type TokenPair } from 'nestjs-session-registry';
import { type Adapter, ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { rowOf } from '../support/inspect.js';

const CHECKS: RevocationOptions[] = [
  { check: 'validTokenFrom' },
  { check: 'expiry' },
  { check: 'expiry', denylist: 'memory' },
  { check: 'denylist', denylist: 'memory' },
  { check: 'session' },
];
/** Every route of the library that is behind the guard; `G` is the other device. */
const ROUTES: [string, string, object?][] = [
  ['GET', '/sessions'],
  ['GET', '/sessions?state=ended'],
  ['GET', '/sessions/events'],
  ['PATCH', '/sessions/G', { name: 'mine' }],
  ['DELETE', '/sessions/G'],
  ['DELETE', '/sessions?except=current'],
  ['DELETE', '/sessions'],
];

describe.each(ADAPTERS)('the routes of the library itself, on %s', (adapter: Adapter) => {
  let app: TestApp;
  const refusals: (RefusalReason | string)[] = [];
  afterEach(() => app.close());

  async function start(revocation: RevocationOptions): Promise<void> {
    app = await startApp({ adapter, options: { revocation } });
    refusals.length = 0;
    app.nest.get(SessionEvents).on('refused', ({ reason }) => refusals.push(reason));
  }

  const call = (token: string, other: TokenPair, [method, path, body]: (typeof ROUTES)[number]) =>
    app.client.call(method, path.replace('G', other.session.guid), { token, ...(body && { body }) });

  it.each(CHECKS)('let no device in that was signed out, whatever else its token still opens (%j)', async (check) => {
    await start(check);
    const [robbed, other] = [await app.client.signIn(), await app.client.signIn()];
    await app.registry.revoke('id-of-ada', robbed.session.guid);
    for (const route of ROUTES) {
      const { status, headers } = await call(robbed.access_token, other, route);
      expect([route[0], route[1], status]).toEqual([route[0], route[1], 401]);
      expect(headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    }
    expect(refusals).toEqual(ROUTES.map(() => 'session_ended'));
    expect(rowOf(app, other.session.guid)).toMatchObject({ endedAt: null, name: null });
    expect((await app.client.list(other.access_token)).status).toBe(200);
  });

  it.each(['validTokenFrom', 'expiry'] as const)('leave the rest of the app to its check (%s)', async (check) => {
    await start({ check });
    const { access_token, session } = await app.client.signIn();
    await app.registry.revoke('id-of-ada', session.guid);
    expect((await app.client.profile(access_token)).status).toBe(200);
    expect((await app.client.list(access_token)).status).toBe(401);
  });

  it('do not accept a former generation either', async () => {
    await start({ check: 'expiry' });
    const first = await app.client.signIn();
    const second = (await app.client.refresh(first.refresh_token)).body;
    const third = (await app.client.refresh(second.refresh_token)).body;
    expect((await app.client.list(first.access_token)).status).toBe(401);
    expect(refusals).toEqual(['superseded']);
    expect((await app.client.list(third.access_token)).status).toBe(200);
  });
});
