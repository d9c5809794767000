import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSessionClient, type SessionClient, type SignedOutReason } from '../../src/client.js';
import { startApp, type TestApp } from '../support/app.js';
import { DAY, MINUTE, SECOND } from '../support/times.js';
import { eventsNamed, rowOf } from '../support/inspect.js';
import { FakeBrowser } from './support/browser.js';
import { credentialsOf, DeviceClock, errorOf } from './support/device.js';
import { lost, Network, noNetwork, refused } from './support/network.js';

const REFRESH = '/auth/refresh';

let app: TestApp;
let browser: FakeBrowser;
let device: DeviceClock;
let network: Network;
let client: SessionClient;
let reasons: SignedOutReason[];

const profile = () => client.fetch('/profile');
const statusOf = async (answer: Promise<Response>) => (await answer).status;
const renewals = () => eventsNamed(app, 'renewed').length;
const tokensOf = () => JSON.parse(browser.storage.text) as { access_token: string; refresh_token: string };

beforeEach(async () => {
  app = await startApp();
  browser = new FakeBrowser({ locks: false });
  device = new DeviceClock();
  network = new Network();
  client = createSessionClient({ baseUrl: app.client.baseUrl, fetch: network.fetch });
  reasons = [];
  browser.atEnd(client.onSignedOut((reason) => reasons.push(reason)));
  await client.login(credentialsOf('ada'));
});

afterEach(async () => {
  device.close();
  await browser.close();
  await app.close();
});

describe('an access token', () => {
  it('is renewed half a minute ahead of its end, and no earlier', async () => {
    await profile();
    const old = network.last('/profile')?.headers.get('authorization');
    device.pass(5 * MINUTE - 31 * SECOND, app);
    await profile();
    expect(renewals()).toBe(0);
    device.pass(17 * SECOND, app);
    expect(await statusOf(profile())).toBe(200);
    expect([renewals(), network.count('/profile')]).toEqual([1, 3]);
    expect(network.last('/profile')?.headers.get('authorization')).not.toBe(old);
  });

  it('of a short life is renewed in the last fifth of it', async () => {
    network.at('/auth/login', async (go) =>
      Response.json({ ...((await (await go()).json()) as object), expires_in: 20 }),
    );
    await client.login(credentialsOf('ada'));
    device.pass(15 * SECOND);
    await profile();
    expect(renewals()).toBe(0);
    device.pass(4 * SECOND);
    await profile();
    expect(renewals()).toBe(1);
  });

  it('that is past its end is renewed once for twenty requests', async () => {
    device.pass(10 * MINUTE, app);
    const answers = await Promise.all(Array.from({ length: 20 }, () => statusOf(profile())));
    expect(answers).toEqual(Array(20).fill(200));
    expect([network.count(REFRESH), network.count('/profile')]).toEqual([1, 20]);
  });

  it('that the server refuses is renewed once, and the request repeated once, as it was', async () => {
    app.clock.advance(10 * MINUTE);
    const init = { method: 'POST', body: '{"a":1}', headers: { 'Content-Type': 'application/json' } };
    const statuses = await Promise.all(Array.from({ length: 20 }, () => statusOf(profile())));
    expect(statuses).toEqual(Array(20).fill(200));
    expect([network.count(REFRESH), network.count('/profile')]).toEqual([1, 40]);

    app.clock.advance(10 * MINUTE);
    network.sent.length = 0;
    network.at('/profile', async () => new Response(null, { status: 401 }));
    expect(await statusOf(client.fetch('/profile', init))).toBe(401);
    expect(network.sent.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['POST', '/profile', init.body],
      ['POST', REFRESH, expect.any(String)],
      ['POST', '/profile', init.body],
    ]);
    expect(network.last('/profile')?.headers.get('content-type')).toBe('application/json');
  });

  it('is renewed for a stream that is sent, and the answer is left to the app', async () => {
    app.clock.advance(10 * MINUTE);
    const body = new Blob(['a long film']).stream();
    const answer = await client.fetch('/profile', { method: 'POST', body, duplex: 'half' });
    expect([answer.status, network.count('/profile'), renewals()]).toEqual([404, 1, 0]);
    network.at('/profile', async () => new Response(null, { status: 401 }));
    const again = new Blob(['a long film']).stream();
    expect(await statusOf(client.fetch('/profile', { method: 'POST', body: again, duplex: 'half' }))).toBe(401);
    expect([network.count('/profile'), renewals()]).toEqual([2, 1]);
  });
});

describe('a renewal without an answer', () => {
  beforeEach(() => device.pass(10 * MINUTE, app));

  it('that the server made all the same is asked for again, with the same token', async () => {
    let failures = 2;
    network.at(REFRESH, (go) => (failures-- > 0 ? lost(go) : go()));
    expect(await browser.hurry(statusOf(profile()))).toBe(200);
    const asked = network.sent.filter(({ path }) => path === REFRESH).map(({ body }) => body);
    expect([asked.length, new Set(asked).size]).toEqual([3, 1]);
    expect([renewals(), eventsNamed(app, 'repeated').length, reasons]).toEqual([1, 2, []]);
  });

  it.each([
    ['there is no network', noNetwork, { code: 'offline', status: undefined }],
    [
      'the server cannot answer',
      () => refused(503, { 'Retry-After': '1' }),
      { code: 'unavailable', status: 503, retryAfter: 1 },
    ],
    ['somebody else answers', async () => new Response('<h1>Wi-Fi</h1>'), { code: 'offline' }],
  ])('is tried for a while when %s, and never signs out', async (_when, step, expected) => {
    network.at(REFRESH, step);
    expect(await browser.hurry(errorOf(profile()))).toMatchObject(expected);
    expect(network.count(REFRESH)).toBeGreaterThan(3);
    expect(network.count(REFRESH)).toBeLessThan(9);
    expect([await client.signedIn(), reasons]).toEqual([true, []]);
    network.heal();
    expect(await statusOf(profile())).toBe(200);
    expect(renewals()).toBe(1);
  });

  it('is not tried again at once when it was put off for long', async () => {
    network.at(REFRESH, () => refused(429, { 'Retry-After': '60' }));
    expect(await errorOf(profile())).toMatchObject({ code: 'too_many_requests', status: 429, retryAfter: 60 });
    expect([network.count(REFRESH), await client.signedIn(), reasons]).toEqual([1, true, []]);
  });

  it('is not tried again where the address is wrong', async () => {
    network.at(REFRESH, () => refused(404));
    expect(await errorOf(profile())).toMatchObject({ code: 'http_404', status: 404 });
    expect([network.count(REFRESH), await client.signedIn()]).toEqual([1, true]);
  });
});

describe('a session that is over', () => {
  it('is noticed by the request that is refused, which says so to the app', async () => {
    const [session] = await client.sessions.list();
    await app.registry.revoke('id-of-ada', session?.guid ?? '');
    expect(await statusOf(profile())).toBe(401);
    expect([await client.signedIn(), reasons, browser.storage.text]).toEqual([
      ...[false, ['unknown'], '{"ended":"unknown"}'],
    ]);
    expect(await statusOf(profile())).toBe(401);
    expect([network.count(REFRESH), network.last('/profile')?.headers.get('authorization')]).toEqual([1, null]);
  });

  it('since a thief used the tokens, too', async () => {
    const stolen = tokensOf().refresh_token;
    const first = (await app.client.refresh(stolen)).body;
    const second = (await app.client.refresh(first.refresh_token)).body;
    await app.client.profile(second.access_token);
    device.pass(10 * MINUTE, app);
    expect(await statusOf(profile())).toBe(401);
    expect(reasons).toEqual(['unknown']);
    expect(rowOf(app, first.session.guid).endReason).toBe('reuse_detected');
  });

  it('at its absolute end, is signed in to again as any other', async () => {
    device.pass(400 * DAY, app);
    expect(await statusOf(profile())).toBe(401);
    expect(reasons).toEqual(['unknown']);
    await client.login(credentialsOf('ada'));
    expect(await statusOf(profile())).toBe(200);
  });
});

describe('what happens during a renewal', () => {
  beforeEach(() => device.pass(10 * MINUTE, app));

  it('stands, when it is a sign-out', async () => {
    network.at(REFRESH, async (go) => {
      const answer = await go();
      await client.logout();
      return answer;
    });
    expect(await statusOf(profile())).toBe(401);
    expect([await client.signedIn(), reasons]).toEqual([false, ['signed_out']]);
  });

  it('stands, when it is a sign-in of somebody else, in whose name nothing is repeated', async () => {
    network.at(REFRESH, async (go) => {
      const answer = await go();
      await client.login(credentialsOf('bob'));
      return answer;
    });
    // The clock of the device is behind here: only the server knows that the token is past its end.
    device.pass(-10 * MINUTE);
    expect(await statusOf(profile())).toBe(401);
    expect(network.count('/profile')).toBe(1);
    expect(await (await profile()).json()).toMatchObject({ userId: 'id-of-bob' });
  });
});
