import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSessionClient, type SessionClient } from '../../src/client.js';
import { sleepers } from '../../src/client/waiting.js';
import { FakeBrowser } from './support/browser.js';
import { credentialsOf, errorOf } from './support/device.js';
import { untilAborted } from './support/network.js';

const GRANT = { access_token: 'a', refresh_token: 'r', expires_in: 86_400, session: { guid: 'g' } };

let browser: FakeBrowser;
let client: SessionClient;
let asked: string[];
let answer: (path: string, signal?: AbortSignal | null) => Response | undefined;

/** A server that takes a request and says nothing, unless it has an answer. */
const server = (async (url, init) => {
  const path = new URL(String(url)).pathname;
  asked.push(path);
  return answer(path, init?.signal) ?? untilAborted(init?.signal);
}) as typeof fetch;

beforeEach(async () => {
  vi.useFakeTimers();
  browser = new FakeBrowser();
  client = createSessionClient({ baseUrl: 'https://api.example', fetch: server });
  asked = [];
  answer = () => Response.json(GRANT);
  await client.login(credentialsOf('ada'));
  asked = [];
  answer = () => undefined;
});

afterEach(async () => {
  vi.useRealTimers();
  await browser.close();
});

describe('a server that does not answer', () => {
  it('holds up a request of this library for ten seconds', async () => {
    const failed = errorOf(client.sessions.list());
    await vi.advanceTimersByTimeAsync(9_900);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(await failed).toMatchObject({ code: 'offline' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does so too where the fetch given does not listen to the signal', async () => {
    const deaf = createSessionClient({ baseUrl: 'https://api.example', fetch: () => new Promise(() => {}) });
    const failed = errorOf(deaf.login(credentialsOf('ada')));
    await vi.advanceTimersByTimeAsync(10_100);
    expect(await failed).toMatchObject({ code: 'offline' });
  });

  it('holds up a renewal for little more than ten seconds, with a second try in between', async () => {
    vi.setSystemTime(Date.now() + 86_400_000);
    const failed = errorOf(client.fetch('/profile'));
    await vi.advanceTimersByTimeAsync(4_900);
    expect(asked).toEqual(['/auth/refresh']);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(asked).toEqual(['/auth/refresh', '/auth/refresh']);
    expect(await failed).toMatchObject({ code: 'offline' });
    expect(await client.signedIn()).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a wait between two tries', () => {
  it('ends when the network is back', async () => {
    vi.setSystemTime(Date.now() + 86_400_000);
    answer = () => new Response(null, { status: 503 });
    const profile = client.fetch('/profile');
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual(['/auth/refresh']);
    answer = (path) => (path === '/profile' ? Response.json('fine') : Response.json(GRANT));
    browser.dispatch('online');
    await vi.advanceTimersByTimeAsync(0);
    expect((await profile).status).toBe(200);
    expect(asked).toEqual(['/auth/refresh', '/auth/refresh', '/profile']);
    expect([sleepers.size, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('lasts as long as the server says', async () => {
    vi.setSystemTime(Date.now() + 86_400_000);
    answer = () => new Response(null, { status: 503, headers: { 'Retry-After': '3' } });
    const profile = client.fetch('/profile');
    await vi.advanceTimersByTimeAsync(2_900);
    expect(asked).toHaveLength(1);
    answer = () => Response.json(GRANT);
    await vi.advanceTimersByTimeAsync(700);
    expect((await profile).status).toBe(200);
  });
});

describe('a lock that another tab keeps', () => {
  it('holds up a renewal for five seconds, which is then made without', async () => {
    void browser.locks.request(
      'session-renewal',
      { signal: new AbortController().signal },
      () => new Promise(() => {}),
    );
    const late = new AbortController();
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(late.signal);
    vi.setSystemTime(Date.now() + 86_400_000);
    answer = () => Response.json(GRANT);
    const profile = client.fetch('/profile');
    await vi.advanceTimersByTimeAsync(0);
    expect([asked, timeout.mock.calls]).toEqual([[], [[5_000]]]);
    timeout.mockRestore();
    late.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect((await profile).status).toBe(200);
    expect(asked).toEqual(['/auth/refresh', '/profile']);
  });
});

describe('a stream of events', () => {
  let streams: ReadableStreamDefaultController<Uint8Array>[];

  const openStream = (signal: AbortSignal | null | undefined) => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        streams.push(controller);
        signal?.addEventListener('abort', () => controller.error(signal.reason));
      },
    });
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  };
  const send = (text: string) => streams.at(-1)?.enqueue(new TextEncoder().encode(text));

  beforeEach(() => {
    streams = [];
    answer = (path, signal) => (path === '/sessions/events' ? openStream(signal) : Response.json(GRANT));
  });

  it('is dead when it is silent for a minute, and lives on a comment now and then', async () => {
    const news: string[] = [];
    const stop = client.sessions.watch(({ type }) => news.push(type));
    await vi.advanceTimersByTimeAsync(0);
    for (let beats = 0; beats < 5; beats++) {
      await vi.advanceTimersByTimeAsync(50_000);
      send(':\n\n');
    }
    expect([news, streams.length]).toEqual([['connected'], 1]);
    await vi.advanceTimersByTimeAsync(65_000);
    expect([news, streams.length]).toEqual([['connected', 'disconnected', 'connected'], 2]);
    stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('that goes on when nobody wants it any more is told to nobody', async () => {
    const deaf: typeof fetch = async (url) => {
      if (String(url).endsWith('/logout')) return new Response(null, { status: 204 });
      return String(url).endsWith('/events') ? openStream(undefined) : Response.json(GRANT);
    };
    const slow = createSessionClient({ baseUrl: 'https://api.example', key: 'slow', fetch: deaf });
    await slow.login(credentialsOf('ada'));
    const news: string[] = [];
    const stop = slow.sessions.watch(({ type }) => news.push(type));
    await vi.advanceTimersByTimeAsync(0);
    await slow.logout();
    send('event: session.opened\ndata: {}\n\n');
    await vi.advanceTimersByTimeAsync(0);
    expect(news).toEqual(['connected']);
    stop();
    streams.at(-1)?.close();
    await vi.advanceTimersByTimeAsync(60_000);
  });

  it('that was had again is asked for soon after the next loss', async () => {
    const stop = client.sessions.watch(() => {});
    const there = answer;
    await vi.advanceTimersByTimeAsync(0);
    answer = () => new Response(null, { status: 503 });
    streams.at(-1)?.close();
    await vi.advanceTimersByTimeAsync(300_000);
    answer = there;
    await vi.advanceTimersByTimeAsync(31_000);
    expect(streams).toHaveLength(2);
    streams.at(-1)?.close();
    await vi.advanceTimersByTimeAsync(2_100);
    expect(streams).toHaveLength(3);
    stop();
  });

  it('is asked for again after the wait that the server says, and later and later', async () => {
    const stop = client.sessions.watch(() => {});
    await vi.advanceTimersByTimeAsync(0);
    send('retry: 5000\n\n');
    await vi.advanceTimersByTimeAsync(0);
    answer = () => new Response(null, { status: 503 });
    streams.at(-1)?.close();
    asked = [];
    await vi.advanceTimersByTimeAsync(4_900);
    expect(asked).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(5_200);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(asked.length).toBeGreaterThan(600 / 31);
    expect(asked.length).toBeLessThan(600 / 14);
    stop();
  });
});
