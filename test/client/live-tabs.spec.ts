import { beforeEach, describe, expect, it } from 'vitest';
import { turn, until } from './support/browser.js';
import {
  ada,
  all,
  browser,
  cut,
  hearEnd,
  news,
  newsOf,
  openTabs,
  server,
  serveTabs,
  stops,
  tab,
  tabs,
  watch,
} from './support/live-tabs.js';
import { json, viewOf } from './support/stream-server.js';

serveTabs();

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
