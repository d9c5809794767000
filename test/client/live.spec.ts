import { beforeEach, describe, expect, it } from 'vitest';
import type { SessionNews } from '../../src/client.js';
import { turn, until } from './support/browser.js';
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
  stops,
  tab,
  watch,
} from './support/live-tabs.js';
import { viewOf } from './support/stream-server.js';

serveTabs();

const say = (one: SessionNews) => ('session' in one ? `${one.type} ${one.session.guid}` : one.type);

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
