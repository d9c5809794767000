import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

interface PageSession {
  signIn(username: string, password: string): Promise<void>;
  SignedOut: new () => Error;
  Unreachable: new () => Error;
  load(): { access_token: string; refresh_token: string } | null;
  call(method: string, path: string): Promise<unknown>;
  signOut(): Promise<void>;
}

type Server = (path: string, request: RequestInit) => Promise<Response>;

const PAGE_SESSION: string = '../../examples/public/session.js';
const stored = new Map<string, string>();
let requests: string[];
let page: PageSession;

const bearer = ({ headers }: RequestInit) => new Headers(headers).get('authorization');
const pair = (n: number) => Response.json({ access_token: `access-${n}`, refresh_token: `refresh-${n}` });
const refused = () => Response.json({ statusCode: 401, message: 'no' }, { status: 401 });
const busy = (seconds?: string) =>
  Response.json({ statusCode: 429 }, { status: 429, headers: seconds ? { 'retry-after': seconds } : {} });
const away = () => Response.json({ statusCode: 503, message: 'later' }, { status: 503 });

function serve(server: Server): void {
  globalThis.fetch = async (path, request = {}) => {
    requests.push(String(path));
    return server(String(path), request);
  };
}

/** A server that takes the second access token alone, and renews the first pair. */
const renewing: Server = async (path, request) => {
  if (path === '/auth/refresh') return pair(2);
  return bearer(request) === 'Bearer access-2' ? Response.json('fine') : refused();
};

beforeAll(async () => {
  const localStorage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  };
  Object.assign(globalThis, { localStorage });
  // As on plain HTTP, where browsers offer no locks.
  Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  page = (await import(PAGE_SESSION)) as PageSession;
});

beforeEach(() => {
  requests = [];
  stored.clear();
  stored.set('session', 'access-1 refresh-1');
});

describe('the tokens of the page', () => {
  it('are renewed once for all requests that find them too old', async () => {
    serve(renewing);
    expect(await Promise.all(['/a', '/b', '/c'].map((path) => page.call('GET', path)))).toEqual(Array(3).fill('fine'));
    expect(requests.filter((path) => path === '/auth/refresh')).toHaveLength(1);
    expect(page.load()).toEqual({ access_token: 'access-2', refresh_token: 'refresh-2' });
  });

  it('are not renewed when another tab has done so', async () => {
    serve(async (path, request) => {
      stored.set('session', 'access-2 refresh-2');
      return renewing(path, request);
    });
    expect(await page.call('GET', '/a')).toBe('fine');
    expect(requests).toEqual(['/a', '/a']);
  });

  it('are renewed once for a request, whatever comes after', async () => {
    serve(async (path) => (path === '/auth/refresh' ? pair(2) : refused()));
    await expect(page.call('GET', '/a')).rejects.toThrow('No.');
    expect(requests).toEqual(['/a', '/auth/refresh', '/a']);
  });

  it('are forgotten when their renewal is refused', async () => {
    serve(async () => refused());
    await expect(page.call('GET', '/a')).rejects.toThrow(page.SignedOut);
    expect(page.load()).toBeNull();
  });

  it.each([
    ['is away', async () => away()],
    ['cannot be reached', () => Promise.reject(new TypeError('no network'))],
    ['is away at the renewal', async (path: string) => (path === '/auth/refresh' ? away() : refused())],
    [
      'answers nonsense at the renewal',
      async (path: string) => (path === '/auth/refresh' ? new Response('<') : refused()),
    ],
  ])('are kept when the server %s', async (_what, server) => {
    serve(server);
    await expect(page.call('GET', '/a')).rejects.toThrow(page.Unreachable);
    expect(page.load()).toEqual({ access_token: 'access-1', refresh_token: 'refresh-1' });
  });

  it('do not come back by a renewal that a sign-out overtook', async () => {
    serve(async (path, request) => {
      if (path === '/auth/refresh') await page.signOut();
      if (path === '/auth/logout') return new Response(null, { status: 204 });
      return renewing(path, request);
    });
    await page.call('GET', '/a');
    expect(page.load()).toBeNull();
  });

  it('are kept when a sign-out could not be stored', async () => {
    serve(async () => away());
    await expect(page.signOut()).rejects.toThrow(page.Unreachable);
    expect(page.load()).not.toBeNull();
  });

  it('are kept when a sign-out or a renewal was put off', async () => {
    serve(async (path) => (path.startsWith('/auth') ? busy('60') : refused()));
    await expect(page.signOut()).rejects.toThrow('Too many attempts; try again in a minute.');
    await expect(page.call('GET', '/a')).rejects.toThrow('Too many attempts; try again in a minute.');
    expect(page.load()).not.toBeNull();
  });
});

describe('a sign-in that was put off', () => {
  it.each([
    ['300', 'in 5 minutes'],
    ['241', 'in 5 minutes'],
    ['1', 'in a minute'],
    [undefined, 'later'],
    ['Wed, 21 Oct 2026 07:28:00 GMT', 'later'],
  ])('says when to try again, given Retry-After %s', async (seconds, when) => {
    serve(async () => busy(seconds));
    await expect(page.signIn('ada', 'wrong')).rejects.toThrow(`Too many attempts; try again ${when}.`);
  });
});
