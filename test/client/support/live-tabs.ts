import { afterEach, beforeEach } from 'vitest';
import { createSessionClient, type SessionClient, type SessionNews } from '../../../src/client.js';
import { FakeBrowser, turn, until } from './browser.js';
import { credentialsOf } from './device.js';
import { StreamServer } from './stream-server.js';

export let server: StreamServer;
export let browser: FakeBrowser;
export let tabs: SessionClient[];
export let stops: (() => void)[];
export let news: string[][];
export const ada = credentialsOf('ada');
export const tab = (index: number) => tabs[index] as SessionClient;
export const newsOf = (index: number) => news[index] as string[];
const say = (one: SessionNews) => ('session' in one ? `${one.type} ${one.session.guid}` : one.type);

/** Starts a server for each test; what a test opened is closed after it. */
export function serveTabs(): void {
  beforeEach(async () => {
    server = await StreamServer.start();
  });
  afterEach(async () => {
    for (const stop of stops) stop();
    await turn();
    await browser.close();
    await server.close();
  });
}

/** Opens a browser with some tabs, each with a client of its own. */
export async function openTabs(count: number, options: { locks?: boolean } = {}): Promise<void> {
  browser = new FakeBrowser(options);
  tabs = Array.from({ length: count }, () => createSessionClient({ baseUrl: server.url }));
  news = tabs.map(() => []);
  stops = [];
}

/** Writes down what a tab hears; the function returned stops that. */
export function watch(index: number): () => void {
  const stop = tab(index).sessions.watch((one) => newsOf(index).push(say(one)));
  stops.push(stop);
  return stop;
}

/** Writes down that a tab is signed out, and why. */
export function hearEnd(index: number): void {
  stops.push(tab(index).onSignedOut((reason) => newsOf(index).push(`out ${reason}`)));
}

/** Breaks off every connection. */
export function cut(): void {
  for (const stream of server.open) stream.destroy();
}

/** Waits until each tab has heard this, so often and no oftener. */
export async function all(entry: string, times = 1): Promise<void> {
  const heard = (lines: string[]) => lines.filter((line) => line === entry).length;
  await until(() => news.every((lines) => heard(lines) === times));
}
