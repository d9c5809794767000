import { beforeEach, describe, expect, it, vi } from 'vitest';
import { turn, until } from './support/browser.js';
import { errorOf } from './support/device.js';
import {
  ada,
  all,
  browser,
  cut,
  hearEnd,
  newsOf,
  openTabs,
  server,
  serveTabs,
  tab,
  watch,
} from './support/live-tabs.js';
import { json, viewOf } from './support/stream-server.js';

serveTabs();

/** From now on the session is over. */
function refuse(path: string): void {
  server.instead.set(path, (_, response) => json(response, 401, { code: 'invalid_token' }));
  server.instead.set('/auth/refresh', (_, response) => json(response, 401, { code: 'invalid_grant' }));
}

describe('a stream', () => {
  beforeEach(() => openTabs(1));

  it('of a token that is too old is asked for again with a new one', async () => {
    server.instead.set('/sessions/events', (_, response) => {
      server.instead.clear();
      json(response, 401, { code: 'invalid_token' });
    });
    await tab(0).login(ada);
    watch(0);
    await all('connected');
    expect(server.count.get('/auth/refresh')).toBe(1);
  });

  it('that the server ends with its token goes on with the next token, and nobody is told of a loss', async () => {
    await tab(0).login(ada);
    watch(0);
    const stream = await server.stream();
    server.tell('session.opened', viewOf('guid-9'), 1234);
    await until(() => newsOf(0).length === 2);
    const end = Date.now() + 300_000;
    const time = vi.spyOn(Date, 'now').mockImplementation(() => end);
    try {
      stream.end();
      await browser.hurry(server.stream(2));
      server.tell('session.changed', viewOf('guid-9'));
      await until(() => newsOf(0).length === 3);
    } finally {
      time.mockRestore();
    }
    expect(newsOf(0)).toEqual(['connected', 'session.opened guid-9', 'session.changed guid-9']);
    expect(server.asked[1]?.headers['last-event-id']).toBe('1234');
    expect(server.count.get('/auth/refresh')).toBe(1);
  });

  it('that ends at once, again and again, is a loss, and asked for less and less often', async () => {
    const waits = vi.spyOn(globalThis, 'setTimeout');
    server.instead.set('/sessions/events', (_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end('retry: 2000\nid: 0\n\n');
    });
    await tab(0).login(ada);
    watch(0);
    await all('disconnected');
    await turn();
    const longest = Math.max(...waits.mock.calls.map(([, wait]) => wait ?? 0).filter((wait) => wait < 5_000));
    waits.mockRestore();
    expect(longest).toBeGreaterThanOrEqual(2_000);
    expect(server.asked).toHaveLength(1);
  });

  it('is given up when the browser goes offline, and asked for again when it is back', async () => {
    await tab(0).login(ada);
    watch(0);
    const stream = await server.stream();
    await all('connected');
    browser.dispatch('offline');
    await until(() => stream.destroyed);
    await all('disconnected');
    browser.dispatch('online');
    await server.stream(2);
    await all('connected', 2);
  });

  it('is waited for a moment by a renewal that is refused, since it knows why', async () => {
    await tab(0).login(ada);
    hearEnd(0);
    await server.stream();
    await until(async () => (await tab(0).sessions.list()).length === 0);
    refuse('/sessions?limit=100');
    const list = errorOf(tab(0).sessions.list());
    await until(() => server.count.get('/auth/refresh'));
    server.end('guid-1', 'credentials_changed');
    expect(await list).toMatchObject({ code: 'signed_out' });
    expect(newsOf(0)).toEqual(['out credentials_changed']);
  });

  it('of a session that is over ends it', async () => {
    await tab(0).login(ada);
    hearEnd(0);
    await server.stream();
    refuse('/sessions/events');
    cut();
    await browser.hurry(all('out unknown'));
    expect(await tab(0).signedIn()).toBe(false);
  });

  it('is no reason to sign out where the server cannot answer', async () => {
    server.instead.set('/sessions/events', (_, response) => json(response, 503, {}));
    await tab(0).login(ada);
    watch(0);
    hearEnd(0);
    await browser.hurry(until(() => server.asked.length > 3));
    expect([newsOf(0), await tab(0).signedIn()]).toEqual([['disconnected'], true]);
  });

  it.each([
    ['there is none', (_: unknown, response: Parameters<typeof json>[0]) => json(response, 404, {})],
    ['there is a page in its place', (_: unknown, response: Parameters<typeof json>[0]) => response.end('<html>')],
  ])('is made up for where %s, by a look at the list now and then', async (_when, answer) => {
    server.instead.set('/sessions/events', answer);
    await tab(0).login(ada);
    watch(0);
    hearEnd(0);
    await browser.hurry(until(() => (server.count.get('/sessions') ?? 0) > 3));
    expect([newsOf(0).at(-1), server.asked.length]).toEqual(['connected', 1]);
    refuse('/sessions');
    await browser.hurry(all('out unknown'));
    expect(await tab(0).signedIn()).toBe(false);
  });

  it('is not asked for where it could not be read', async () => {
    const former = Object.getOwnPropertyDescriptor(globalThis, 'TextDecoderStream') as PropertyDescriptor;
    Reflect.deleteProperty(globalThis, 'TextDecoderStream');
    await tab(0).login(ada);
    watch(0);
    await all('connected');
    Object.defineProperty(globalThis, 'TextDecoderStream', former);
    expect([server.asked.length, server.count.get('/sessions')]).toEqual([0, 1]);
  });
});
