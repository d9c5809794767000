import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSessionClient, type SessionClient, type SignedOutReason } from '../../src/client.js';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { MINUTE } from '../support/times.js';
import { eventsNamed, rowOf } from '../support/inspect.js';
import { FakeBrowser, until } from './support/browser.js';
import { credentialsOf, DeviceClock, errorOf } from './support/device.js';
import { lost, Network, refused } from './support/network.js';

let app: TestApp;
let browser: FakeBrowser;
let device: DeviceClock;
let network: Network;
let jar: Map<string, string>;
let client: SessionClient;
let credentials: unknown[];
let reasons: SignedOutReason[];

const statusOf = async (answer: Promise<Response>) => (await answer).status;
const openTab = (baseUrl = '') =>
  createSessionClient({ baseUrl, transport: 'cookie', fetch: withCookies(network.fetch) });

/** What a browser does for a page: it attaches the cookies, and keeps those that come. */
function withCookies(send: typeof fetch): typeof fetch {
  return async (input, init = {}) => {
    credentials.push(init.credentials);
    const headers = new Headers(init.headers);
    headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await send(input, { ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };
}

describe.each(ADAPTERS)('a client with cookies (%s)', (adapter) => {
  beforeEach(async () => {
    app = await startApp({ adapter, options: { transport: 'cookie', cookies: { access: true } } });
    device = new DeviceClock();
    browser = new FakeBrowser({ page: `${app.client.baseUrl}/account` });
    network = new Network({ 'sec-fetch-site': 'same-origin' });
    jar = new Map();
    [credentials, reasons] = [[], []];
    client = openTab();
    browser.atEnd(client.onSignedOut((reason) => reasons.push(reason)));
    await client.login(credentialsOf('ada'));
  });

  afterEach(async () => {
    device.close();
    await browser.close();
    await app.close();
  });

  it('holds no token, and sends none', async () => {
    expect(await statusOf(client.fetch('/profile'))).toBe(200);
    expect(browser.storage.text).not.toMatch(/access_token|refresh_token|eyJ/);
    expect(network.sent.map(({ headers }) => headers.get('authorization'))).toEqual(Array(2).fill(null));
    expect(new Set(credentials)).toEqual(new Set([undefined]));
    expect((await client.sessions.list()).map(({ current }) => current)).toEqual([true]);
  });

  it('renews with a request that has no body and no type', async () => {
    device.pass(10 * MINUTE, app);
    expect(await Promise.all(Array.from({ length: 20 }, () => statusOf(client.fetch('/profile'))))).toEqual(
      Array(20).fill(200),
    );
    const renewal = network.last('/auth/refresh');
    expect([renewal?.body, renewal?.headers.get('content-type')]).toEqual([undefined, null]);
    expect([network.count('/auth/refresh'), eventsNamed(app, 'renewed').length]).toEqual([1, 1]);
  });

  it('sees that another tab has renewed', async () => {
    const other = openTab();
    device.pass(10 * MINUTE, app);
    expect(await Promise.all([client, other].map((tab) => statusOf(tab.fetch('/profile'))))).toEqual([200, 200]);
    expect(network.count('/auth/refresh')).toBe(1);
  });

  it('stays signed in where the answer to a renewal is lost, or there is none', async () => {
    device.pass(10 * MINUTE, app);
    let failures = 1;
    network.at('/auth/refresh', (go) => (failures-- > 0 ? lost(go) : go()));
    expect(await browser.hurry(statusOf(client.fetch('/profile')))).toBe(200);
    device.pass(10 * MINUTE, app);
    network.at('/auth/refresh', () => refused(503));
    expect(await browser.hurry(errorOf(client.fetch('/profile')))).toMatchObject({ code: 'unavailable' });
    network.heal();
    expect(await statusOf(client.fetch('/profile'))).toBe(200);
    expect(reasons).toEqual([]);
  });

  it('signs out, in every tab, and loses its cookies', async () => {
    const other = openTab();
    const heard: string[] = [];
    browser.atEnd(other.onSignedOut((reason) => heard.push(reason)));
    const [session] = await other.sessions.list();
    await client.logout();
    await until(() => heard.length === 1);
    expect([reasons, heard, jar.size]).toEqual([['signed_out'], ['signed_out'], 0]);
    expect(rowOf(app, session?.guid ?? '').endReason).toBe('signed_out');
    expect(await statusOf(client.fetch('/profile'))).toBe(401);
  });

  it('notices that the session is over', async () => {
    const [session] = await client.sessions.list();
    await app.registry.revoke('id-of-ada', session?.guid ?? '');
    expect(await statusOf(client.fetch('/profile'))).toBe(401);
    expect(reasons).toEqual(['unknown']);
  });

  it('sends cookies to a server of another origin, and to no third', async () => {
    await browser.close();
    browser = new FakeBrowser({ page: 'https://app.example/' });
    credentials = [];
    network.step = async () => Response.json({ expires_in: 300, session: { guid: 'g' } });
    const page = openTab(app.client.baseUrl);
    await page.login(credentialsOf('ada'));
    await page.fetch('https://third.example/');
    expect(credentials).toEqual(['include', undefined]);

    credentials = [];
    await createSessionClient({ baseUrl: app.client.baseUrl, fetch: withCookies(network.fetch) }).fetch('/open');
    expect(credentials).toEqual([undefined]);
  });
});
