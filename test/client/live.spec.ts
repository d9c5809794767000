import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createSessionClient, type SessionClient, type SessionNews } from '../../src/client.js';
import { FakeBrowser, turn, until } from './support/browser.js';
import { credentialsOf, errorOf } from './support/device.js';
import { json, StreamServer, viewOf } from './support/stream-server.js';

let server: StreamServer;
let browser: FakeBrowser;
let tabs: SessionClient[];
let stops: (() => void)[];
let news: string[][];

const ada = credentialsOf('ada');
const tab = (index: number) => tabs[index] as SessionClient;
const newsOf = (index: number) => news[index] as string[];
const say = (one: SessionNews) => ('session' in one ? `${one.type} ${one.session.guid}` : one.type);

async function openTabs(count: number, options: { locks?: boolean } = {}): Promise<void> {
  browser = new FakeBrowser(options);
  tabs = Array.from({ length: count }, () => createSessionClient({ baseUrl: server.url }));
  news = tabs.map(() => []);
  stops = [];
}

function watch(index: number): () => void {
  const stop = tab(index).sessions.watch((one) => newsOf(index).push(say(one)));
  stops.push(stop);
  return stop;
}

function hearEnd(index: number): void {
  stops.push(tab(index).onSignedOut((reason) => newsOf(index).push(`out ${reason}`)));
}

/** Breaks off every connection. */
function cut(): void {
  for (const stream of server.open) stream.destroy();
}

async function all(entry: string, times = 1): Promise<void> {
  const heard = (lines: string[]) => lines.filter((line) => line === entry).length;
  await until(() => news.every((lines) => heard(lines) === times));
}

beforeEach(async () => {
  server = await StreamServer.start();
});

afterEach(async () => {
  for (const stop of stops) stop();
  await turn();
  await browser.close();
  await server.close();
});

describe('who watches', () => {
  beforeEach(() => openTabs(1));

  it('hears that events arrive, what happens, and that they arrive no more', async () => {
    await tab(0).login(ada);
    watch(0);
    const stream = await server.stream();
    expect(server.asked[0]?.headers).toMatchObject({ authorization: 'Bearer access-1', 'last-event-id': '' });
    server.tell('session.opened', viewOf('guid-9'));
    server.tell('session.changed', viewOf('guid-9'));
    stream.write(':\n\n');
    server.tell('session.revoked', { ...viewOf('guid-9'), endReason: 'revoked' }, 4);
    await until(() => newsOf(0).length >= 4);
    stream.end();
    await all('disconnected');
    expect(newsOf(0)).toEqual([
      ...['connected', 'session.opened guid-9', 'session.changed guid-9', 'session.revoked guid-9', 'disconnected'],
    ]);
    expect(await tab(0).signedIn()).toBe(true);
  });

  it('hears the full view of a session', async () => {
    await tab(0).login(ada);
    const heard: SessionNews[] = [];
    stops.push(tab(0).sessions.watch((one) => heard.push(one)));
    await server.stream();
    server.tell('session.opened', viewOf('guid-9', { name: 'Böttchers Küche \u2028' }));
    await until(() => heard.length === 2);
    expect(heard[1]).toEqual({ type: 'session.opened', session: viewOf('guid-9', { name: 'Böttchers Küche \u2028' }) });
  });

  it('is connected again by itself, after what was heard last, and is told a loss once', async () => {
    await tab(0).login(ada);
    watch(0);
    await server.stream();
    server.tell('session.opened', viewOf('guid-9'), 1234);
    await until(() => newsOf(0).length === 2);
    server.instead.set('/sessions/events', (_, response) => response.destroy());
    cut();
    await browser.hurry(until(() => server.asked.length >= 5));
    server.instead.clear();
    await browser.hurry(server.stream(2));
    await all('connected', 2);
    expect(newsOf(0)).toEqual(['connected', 'session.opened guid-9', 'disconnected', 'connected']);
    expect(server.asked.at(-1)?.headers['last-event-id']).toBe('1234');
  });

  it('late is told how things are', async () => {
    await tab(0).login(ada);
    watch(0);
    await all('connected');
    const late: string[] = [];
    stops.push(tab(0).sessions.watch((one) => late.push(say(one))));
    await turn();
    expect(late).toEqual(['connected']);
  });

  it('and is signed in has a stream, and nobody else', async () => {
    const stop = watch(0);
    await turn();
    expect(server.asked).toEqual([]);
    await tab(0).login(ada);
    const stream = await server.stream();
    await all('connected');
    stop();
    await until(() => stream.destroyed);
    hearEnd(0);
    await server.stream(2);
    await tab(0).logout();
    await until(() => server.open.length === 0);
    expect(newsOf(0)).toEqual(['connected', 'out signed_out']);
    await browser.hurry(turn());
    expect(server.streams).toHaveLength(2);
  });

  it('follows the next session', async () => {
    watch(0);
    await tab(0).login(ada);
    const first = await server.stream();
    await tab(0).login(ada);
    await server.stream(2);
    await until(() => first.destroyed);
    expect(server.asked.at(-1)?.headers.authorization).toBe('Bearer access-2');
    expect(server.open).toHaveLength(1);
  });
});

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
    const time = jest.spyOn(Date, 'now').mockImplementation(() => end);
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
    const waits = jest.spyOn(globalThis, 'setTimeout');
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

describe.each([true, false])('the tabs of a browser (locks: %s)', (locks) => {
  beforeEach(async () => {
    await openTabs(3, { locks });
    await tab(0).login(ada);
  });

  it('hear all, over one stream where there are locks', async () => {
    for (const index of tabs.keys()) watch(index);
    await server.stream(locks ? 1 : 3);
    await all('connected');
    server.tell('session.opened', viewOf('guid-9'));
    await all('session.opened guid-9');
    await turn();
    expect(server.asked).toHaveLength(locks ? 1 : 3);
    expect(news).toEqual(Array(3).fill(['connected', 'session.opened guid-9']));
  });

  it('are signed out at once, with the reason', async () => {
    for (const index of tabs.keys()) hearEnd(index);
    await server.stream(locks ? 1 : 3);
    server.end('guid-1', 'revoked');
    await all('out revoked');
    expect(browser.storage.text).toBe('{"ended":"revoked"}');
    await browser.hurry(turn());
    expect([news, server.open]).toEqual([Array(3).fill(['out revoked']), []]);
  });

  it('take no end of a former session for their own', async () => {
    for (const index of tabs.keys()) {
      watch(index);
      hearEnd(index);
    }
    await all('connected');
    server.end('guid-0', 'revoked');
    await all('session.revoked guid-0');
    expect(await tab(0).signedIn()).toBe(true);
  });

  it('are not signed out while one of them signs in anew', async () => {
    for (const index of tabs.keys()) hearEnd(index);
    await server.stream(locks ? 1 : 3);
    const before = server.asked.length;
    server.instead.set('/auth/login', async (_, response) => {
      server.end('guid-1', 'replaced');
      for (let turns = 0; turns < 50; turns++) await turn();
      json(response, 200, { access_token: 'a', refresh_token: 'r', expires_in: 300, session: viewOf('guid-2') });
    });
    await tab(1).login(ada);
    await browser.hurry(until(() => server.asked.length > before));
    expect(news.flat()).toEqual([]);
  });
});

describe('tabs that share a stream', () => {
  beforeEach(async () => {
    await openTabs(3);
    await tab(0).login(ada);
    watch(0);
    await until(() => newsOf(0).length === 1);
    for (const index of [1, 2]) watch(index);
    await all('connected');
  });

  it('take over when the one that has it goes', async () => {
    stops[0]?.();
    await server.stream(2);
    const others = ['connected', 'disconnected', 'connected'];
    await until(() => newsOf(1).length === 3 && newsOf(2).length === 3);
    expect(news).toEqual([['connected'], others, others]);
    server.tell('session.opened', viewOf('guid-9'));
    await until(() => newsOf(1).length === 4 && newsOf(2).length === 4);
    expect(server.open).toHaveLength(1);
  });

  it('leave no channel open behind them', async () => {
    expect(browser.channels.size).toBe(3);
    for (const stop of stops) stop();
    await until(() => browser.channels.size === 0);
  });

  it('are all told of a loss, once, and of the end of it', async () => {
    cut();
    await all('disconnected');
    await browser.hurry(server.stream(2));
    await all('connected', 2);
    expect(news).toEqual(Array(3).fill(['connected', 'disconnected', 'connected']));
  });

  it('keep it while they are out of sight', async () => {
    browser.show('hidden');
    await turn();
    server.tell('session.opened', viewOf('guid-9'));
    await all('session.opened guid-9');
  });
});

describe('a tab on its own', () => {
  it('has a stream only while it is in sight', async () => {
    await openTabs(1, { locks: false });
    await tab(0).login(ada);
    watch(0);
    const stream = await server.stream();
    await all('connected');
    browser.show('hidden');
    await until(() => stream.destroyed);
    await all('disconnected');
    await browser.hurry(turn());
    expect(server.asked).toHaveLength(1);
    browser.show('visible');
    await server.stream(2);
    await all('connected', 2);
  });
});
