import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSessionClient, type SessionClient, SessionClientError, type SignedOutReason } from '../../src/client.js';
import { startApp, type TestApp } from '../support/app.js';
import { MINUTE } from '../support/times.js';
import { allRows, rowOf } from '../support/inspect.js';
import { FakeBrowser, until } from './support/browser.js';
import { credentialsOf, DeviceClock, errorOf } from './support/device.js';
import { Network, noNetwork, refused } from './support/network.js';

let app: TestApp;
let device: DeviceClock;
let network: Network;
let browser: FakeBrowser;
let client: SessionClient;
let reasons: SignedOutReason[];
let signIns: number;

const signIn = () => client.login(credentialsOf('ada'));
const openElsewhere = async () => (await app.client.signIn('ada', { deviceName: 'Phone' })).session.guid;

beforeEach(async () => {
  app = await startApp();
  device = new DeviceClock();
  network = new Network();
  browser = new FakeBrowser();
  client = createSessionClient({ baseUrl: `${app.client.baseUrl}/`, fetch: network.fetch });
  [reasons, signIns] = [[], 0];
  browser.atEnd(client.onSignedOut((reason) => reasons.push(reason)));
  client.onSignedIn(() => {
    signIns += 1;
  });
});

afterEach(async () => {
  device.close();
  await browser.close();
  await app.close();
});

describe('a sign-in', () => {
  it('gives the session, and later requests carry its token', async () => {
    expect(await client.signedIn()).toBe(false);
    const view = await client.login({ ...credentialsOf('ada'), deviceName: 'Laptop' });
    expect(view).toMatchObject({ current: true, name: 'Laptop' });
    expect(await client.signedIn()).toBe(true);
    expect(signIns).toBe(1);
    expect(await (await client.fetch('/profile')).json()).toMatchObject({ userId: 'id-of-ada', guid: view.guid });
  });

  it('with a wrong password says so, and leaves all as it was', async () => {
    const error = await errorOf(client.login({ username: 'ada', password: 'wrong' }));
    expect(error).toBeInstanceOf(SessionClientError);
    expect(error).toMatchObject({ code: 'invalid_credentials', status: 401 });
    expect(error.message).toBe('The user name or the password is wrong');
    expect([await client.signedIn(), signIns]).toEqual([false, 0]);
  });

  it('that finds no server, or one that cannot answer, says so', async () => {
    network.step = noNetwork;
    expect(await errorOf(signIn())).toMatchObject({ code: 'offline', status: undefined });
    network.step = () => refused(503, { 'Retry-After': '7' });
    expect(await errorOf(signIn())).toMatchObject({ code: 'unavailable', status: 503, retryAfter: 7 });
    network.step = () => refused(429, { 'Retry-After': '60' });
    expect(await errorOf(signIn())).toMatchObject({ code: 'too_many_requests', status: 429, retryAfter: 60 });
    network.step = async () => new Response('<h1>Welcome to our Wi-Fi</h1>');
    expect(await errorOf(signIn())).toMatchObject({ code: 'offline' });
  });

  it('of somebody who is signed in ends the former session as replaced', async () => {
    const former = await signIn();
    device.pass(10 * MINUTE, app);
    const latter = await signIn();
    expect(rowOf(app, former.guid).endReason).toBe('replaced');
    expect(rowOf(app, latter.guid).endReason).toBeNull();
    expect([signIns, reasons]).toEqual([2, []]);
  });

  it('is found again by the next client of the same storage', async () => {
    const { guid } = await signIn();
    const next = createSessionClient({ baseUrl: app.client.baseUrl });
    expect(await next.signedIn()).toBe(true);
    expect((await next.sessions.list()).map((session) => session.guid)).toEqual([guid]);
  });
});

describe('the device list', () => {
  it('shows the live sessions and the ended ones', async () => {
    const { guid } = await signIn();
    const other = await openElsewhere();
    expect((await client.sessions.list()).map((session) => session.guid)).toEqual([guid, other]);
    await client.sessions.revoke(other);
    expect((await client.sessions.list()).map((session) => session.guid)).toEqual([guid]);
    expect(await client.sessions.ended()).toMatchObject([{ guid: other, endReason: 'revoked' }]);
    expect([await client.signedIn(), reasons]).toEqual([true, []]);
  });

  it('names a device, and says why a name will not do', async () => {
    const { guid } = await signIn();
    expect(await client.sessions.rename(guid, 'Kitchen')).toMatchObject({ guid, name: 'Kitchen', current: true });
    const error = await errorOf(client.sessions.rename(guid, ' '));
    expect(error).toMatchObject({ code: 'invalid_request', status: 400, message: 'name should not be empty' });
  });

  it('signs out the others and says how many', async () => {
    const { guid } = await signIn();
    await Promise.all([openElsewhere(), openElsewhere()]);
    expect(await client.sessions.revokeOthers()).toBe(2);
    expect((await client.sessions.list()).map((session) => session.guid)).toEqual([guid]);
    expect(await client.signedIn()).toBe(true);
  });

  it('signs out this device too, by its guid or with all', async () => {
    await client.sessions.revoke((await signIn()).guid);
    expect([await client.signedIn(), reasons]).toEqual([false, ['revoked']]);
    await signIn();
    await openElsewhere();
    expect(await client.sessions.revokeAll()).toBe(2);
    expect([await client.signedIn(), reasons]).toEqual([false, ['revoked', 'revoked_all']]);
    expect(browser.storage.text).not.toContain('token');
  });

  it.each(['', '.', '..', 'a/../..', '?', 'x?except=current', '00000000-0000-4000-8000-000000000000'])(
    'knows no session %j, and ends none',
    async (guid) => {
      await signIn();
      await openElsewhere();
      expect(await errorOf(client.sessions.revoke(guid))).toMatchObject({ code: 'not_found', status: 404 });
      expect(allRows(app).map(({ endReason }) => endReason)).toEqual([null, null]);
    },
  );

  it('is for who is signed in', async () => {
    expect(await errorOf(client.sessions.list())).toMatchObject({ code: 'signed_out', status: 401 });
    await signIn();
    network.step = noNetwork;
    expect(await errorOf(client.sessions.list())).toMatchObject({ code: 'offline' });
    network.step = () => refused(503, { 'Retry-After': '1' });
    expect(await errorOf(client.sessions.list())).toMatchObject({ code: 'unavailable', status: 503, retryAfter: 1 });
    network.step = () => refused(418);
    expect(await errorOf(client.sessions.list())).toMatchObject({ code: 'http_418', message: 'Not now' });
  });
});

describe('a sign-out', () => {
  it('ends the session, and forgets its tokens', async () => {
    const { guid } = await signIn();
    await client.logout();
    expect(rowOf(app, guid).endReason).toBe('signed_out');
    expect([await client.signedIn(), reasons, browser.storage.text]).toEqual([
      ...[false, ['signed_out'], '{"ended":"signed_out"}'],
    ]);
    await client.logout();
    expect([await client.signedIn(), reasons]).toEqual([false, ['signed_out']]);
  });

  it('needs no renewal of a token past its end', async () => {
    const { guid } = await signIn();
    await until(() => network.streams === 1);
    device.pass(10 * MINUTE, app);
    await client.logout();
    expect(rowOf(app, guid).endReason).toBe('signed_out');
    expect(network.count('/auth/refresh')).toBe(0);
  });

  it.each([
    ['there is no network', noNetwork, 'offline'],
    ['the server cannot store it', () => refused(503), 'unavailable'],
    ['it is put off', () => refused(429), 'too_many_requests'],
  ])('is none when %s', async (_when, step, code) => {
    await signIn();
    network.at('/auth/logout', step);
    expect(await errorOf(client.logout())).toMatchObject({ code });
    expect([await client.signedIn(), reasons]).toEqual([true, []]);
    network.heal();
    await client.logout();
    expect([await client.signedIn(), reasons]).toEqual([false, ['signed_out']]);
  });

  it('forgets a token that cannot be verified', async () => {
    await signIn();
    network.at('/auth/logout', async () => Response.json({ code: 'invalid_token' }, { status: 401 }));
    await client.logout();
    expect([await client.signedIn(), reasons]).toEqual([false, ['signed_out']]);
  });
});

describe('a listener', () => {
  it('that another one takes away while they are told hears nothing', async () => {
    let stop = () => {};
    browser.atEnd(client.onSignedOut(() => stop()));
    stop = client.onSignedOut(() => reasons.push('expired'));
    await signIn();
    await client.logout();
    expect(reasons).toEqual(['signed_out']);
  });

  it('that is taken away hears nothing more', async () => {
    const heard: string[] = [];
    const stop = client.onSignedOut((reason) => heard.push(`first ${reason}`));
    client.onSignedOut((reason) => heard.push(`second ${reason}`));
    await signIn();
    stop();
    await client.logout();
    expect(heard).toEqual(['second signed_out']);
  });
});
