import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSessionClient, type SessionClient, SessionClientError } from '../../src/client.js';
import { startApp, type TestApp } from '../support/app.js';
import { MINUTE } from '../support/times.js';
import { FakeBrowser, FakeStorage, until } from './support/browser.js';
import { credentialsOf, DeviceClock, errorOf } from './support/device.js';
import { Network, noNetwork, refused } from './support/network.js';

let app: TestApp;
let device: DeviceClock;
let network: Network;
let client: SessionClient;

const authorization = () => network.sent.at(-1)?.headers.get('authorization') ?? null;

beforeEach(async () => {
  app = await startApp();
  device = new DeviceClock();
  network = new Network();
  const storage = new FakeStorage();
  client = createSessionClient({ baseUrl: app.client.baseUrl, storage, fetch: network.fetch });
  await client.login(credentialsOf('ada'));
});

afterEach(async () => {
  device.close();
  await app.close();
});

describe('a request', () => {
  it.each(['/profile', 'profile', '/profile?a=b'])('to %s goes below the base, with the token', async (path) => {
    expect((await client.fetch(path)).status).toBe(200);
    expect(authorization()).toMatch(/^Bearer ./);
  });

  it('to the same origin carries the token, as an address or as a URL', async () => {
    expect((await client.fetch(`${app.client.baseUrl}/profile`)).status).toBe(200);
    expect((await client.fetch(new URL('/profile', app.client.baseUrl))).status).toBe(200);
  });

  it('is answered as it is where the route of the app fails', async () => {
    network.step = () => refused(503);
    expect((await client.fetch('/profile')).status).toBe(503);
    network.step = () => refused(429);
    expect((await client.fetch('/profile')).status).toBe(429);
    expect(network.count('/profile')).toBe(2);
  });

  it('without a network fails with what to do', async () => {
    network.step = noNetwork;
    const error = await errorOf(client.fetch('/profile'));
    expect(error).toBeInstanceOf(SessionClientError);
    expect(error).toMatchObject({ code: 'offline', message: expect.stringContaining('fetch failed') });
    expect(await client.signedIn()).toBe(true);
  });

  it('of somebody who is not signed in carries nothing', async () => {
    await client.logout();
    expect((await client.fetch('/open')).status).toBe(200);
    expect((await client.fetch('/profile')).status).toBe(401);
    expect([authorization(), network.count('/auth/refresh')]).toEqual([null, 0]);
  });
});

describe('the token', () => {
  let other: Server;
  let heard: (string | undefined)[];

  beforeEach(async () => {
    heard = [];
    other = createServer((request, response) => {
      heard.push(request.headers.authorization);
      response.writeHead(401).end();
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  });

  afterEach(() => {
    other.closeAllConnections();
    other.close();
  });

  it('goes to no other origin, not even to be renewed', async () => {
    const { port } = other.address() as AddressInfo;
    const { host } = new URL(app.client.baseUrl);
    for (const target of [
      `http://127.0.0.1:${port}/profile`,
      `HTTP://127.0.0.1:${port}/profile`,
      new URL(`http://127.0.0.1:${port}/profile`),
      `http://${host}@127.0.0.1:${port}/`,
    ]) {
      await client.fetch(target).catch(() => {});
      expect(authorization()).toBeNull();
    }
    expect(heard).toEqual(Array(3).fill(undefined));
    expect(network.count('/auth/refresh')).toBe(0);
  });

  it.each([
    '//evil.example/x',
    '/\\evil.example/x',
    '/\t/evil.example/x',
    '\\\\evil.example',
    'https:evil.example',
    'https://app.example.evil.example/',
    'https://app.example@evil.example/',
    'http://app.example/x',
    'https://app.example:8443/x',
  ])('does not go along to %j from a page', async (target) => {
    const browser = new FakeBrowser({ page: 'https://app.example/shop/cart?a=b' });
    try {
      const urls: string[] = [];
      const send = (async (url, init) => {
        urls.push(String(url));
        network.sent.push({ method: '', path: String(url), headers: new Headers(init?.headers), body: null });
        return Response.json({ expires_in: 300, access_token: 'secret', refresh_token: 'r', session: { guid: 'g' } });
      }) as typeof fetch;
      const page = createSessionClient({ fetch: send });
      await page.login(credentialsOf('ada'));
      await page.fetch('/here');
      expect([urls.at(-1), authorization()]).toEqual(['https://app.example/here', 'Bearer secret']);
      await page.fetch(target);
      if (new URL(urls.at(-1) ?? '').origin === 'https://app.example') expect(urls.at(-1)).toMatch(/example\/./);
      else expect(authorization()).toBeNull();
    } finally {
      await browser.close();
    }
  });
});

describe('a caller that aborts', () => {
  it('is told so as by fetch, before and while it waits', async () => {
    const reason = new Error('the view was closed');
    await expect(client.fetch('/profile', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    network.at('/profile', async (go) => {
      controller.abort(reason);
      return go();
    });
    await expect(client.fetch('/profile', { signal: controller.signal })).rejects.toBe(reason);
  });

  it('ends no renewal that others share', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    device.pass(10 * MINUTE, app);
    network.at('/auth/refresh', (go) => held.then(go));
    const controller = new AbortController();
    const aborted = client.fetch('/profile', { signal: controller.signal });
    const waiting = client.fetch('/profile');
    await until(() => network.count('/auth/refresh') === 1);
    controller.abort();
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
    release();
    expect((await waiting).status).toBe(200);
    expect([network.count('/auth/refresh'), network.count('/profile')]).toEqual([1, 1]);
  });
});
