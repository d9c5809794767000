import { afterEach, describe, expect, it } from 'vitest';
import type { SessionView, TokenPair } from 'nestjs-session-registry';
import { ADAPTERS, startApp, type TestApp, type TestAppOptions } from '../support/app.js';
import { MINUTE, SECOND } from '../support/times.js';
import { eventsNamed } from '../support/inspect.js';

const ADA = 'id-of-ada';

let app: TestApp;
afterEach(() => app.close());

/** Signs ada in so many times, a second apart; the first pair is that of the oldest. */
async function start(count: number, given: TestAppOptions = {}): Promise<TokenPair[]> {
  app = await startApp(given);
  const pairs: TokenPair[] = [];
  for (let turn = 0; turn < count; turn++) {
    app.clock.advance(SECOND);
    pairs.push(await app.auth.login(ADA));
  }
  return pairs;
}

const get = (path: string, token: string | undefined) => app.client.call<SessionView[]>('GET', path, { token });
const guidsIn = (views: readonly SessionView[]) => views.map(({ guid }) => guid);
const guidOf = ({ session }: TokenPair) => session.guid;

/** Where `rel="next"` leads, or undefined. */
function nextOf(headers: Headers): string | undefined {
  return /^<([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
}

/** Every page from this path on. */
async function pagesFrom(path: string, token: string | undefined): Promise<SessionView[][]> {
  const pages: SessionView[][] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const { status, headers, body } = await get(next, token);
    expect(status).toBe(200);
    pages.push(body);
    next = nextOf(headers);
  }
  return pages;
}

describe.each(ADAPTERS)('the pages of live sessions on %s', (adapter) => {
  it('show a hundred by default, and always the current one', async () => {
    const pairs = await start(103, { adapter });
    const oldest = pairs[0] as TokenPair;
    const [first, second, ...none] = await pagesFrom('/sessions', oldest.access_token);
    expect(none).toEqual([]);
    expect([first?.length, second?.length]).toEqual([100, 3]);
    expect(first?.[0]).toMatchObject({ guid: guidOf(oldest), current: true });
    const rest = [...guidsIn(first ?? []), ...guidsIn(second ?? [])].slice(1);
    expect(rest).toEqual(pairs.slice(1).map(guidOf).reverse());
  });

  it('say where the next one is, below whatever prefix, with the limit that was asked for', async () => {
    const [pair] = await start(3, { adapter, prepare: (nest) => nest.setGlobalPrefix('api/v1') });
    const { headers } = await get('/api/v1/sessions?limit=2&stray=1', pair?.access_token);
    expect(nextOf(headers)).toMatch(/^\/api\/v1\/sessions\?limit=2&cursor=[\w-]+$/);
    expect((await get('/api/v1/sessions?limit=3', pair?.access_token)).headers.has('link')).toBe(false);
  });

  it.each([
    ['limit=0', 'limit should be a whole number from 1 to 1000'],
    ['limit=1001', 'limit should be a whole number from 1 to 1000'],
    ['limit=1e2', 'limit should be a whole number from 1 to 1000'],
    ['limit=', 'limit should be a whole number from 1 to 1000'],
    ['limit=1&limit=2', 'limit must be a string'],
    ['cursor=7', 'cursor should be one that a list gave'],
    ['cursor=', 'cursor should be one that a list gave'],
    ['cursor=9007199254740993_00000000-0000-4000-8000-000000000000', 'cursor should be one that a list gave'],
    ['state=ended&cursor=1_00000000-0000-4000-8000-000000000000', 'cursor should be one that a list gave'],
  ])('are refused for ?%s', async (query, message) => {
    const [pair] = await start(1, { adapter });
    const { status, body } = await get(`/sessions?${query}`, pair?.access_token);
    expect([status, body]).toMatchObject([400, { code: 'invalid_request', message }]);
  });
});

describe('the pages of live sessions', () => {
  it('give each session once, though sessions are used, opened and ended between them', async () => {
    const pairs = await start(7);
    const own = pairs[3] as TokenPair;
    const first = await get('/sessions?limit=3', own.access_token);
    expect(guidsIn(first.body)).toEqual([own, pairs[6], pairs[5]].map((pair) => guidOf(pair as TokenPair)));
    app.clock.advance(2 * MINUTE);
    await app.auth.authenticate((pairs[0] as TokenPair).access_token, { headers: {} });
    await app.registry.flushTouches();
    await app.auth.login(ADA);
    await app.registry.revoke(ADA, guidOf(pairs[2] as TokenPair));
    const rest = await pagesFrom(nextOf(first.headers) ?? '', own.access_token);
    expect(rest.flatMap(guidsIn)).toEqual(
      [pairs[4], pairs[1], pairs[0]].map((pair) => guidOf(pair as TokenPair)).sort(byIndex),
    );

    function byIndex(one: string, other: string): number {
      const order = [pairs[0], pairs[4], pairs[1]].map((pair) => guidOf(pair as TokenPair));
      return order.indexOf(one) - order.indexOf(other);
    }
  });

  it('of one session each begin with the current one', async () => {
    const pairs = await start(3);
    const own = pairs[1] as TokenPair;
    const pages = await pagesFrom('/sessions?limit=1', own.access_token);
    expect(pages.map(guidsIn)).toEqual([own, pairs[2], pairs[0]].map((pair) => [guidOf(pair as TokenPair)]));
  });

  it('are the same through the registry', async () => {
    const pairs = await start(3);
    const current = guidOf(pairs[0] as TokenPair);
    const { sessions, next } = await app.registry.listPage(ADA, { current, limit: 2 });
    expect(guidsIn(sessions)).toEqual([current, guidOf(pairs[2] as TokenPair)]);
    const rest = await app.registry.listPage(ADA, { current, limit: 2, cursor: next });
    expect([guidsIn(rest.sessions), rest.next]).toEqual([[guidOf(pairs[1] as TokenPair)], undefined]);
    expect(await app.registry.list(ADA, { limit: 2 })).toHaveLength(2);
    await expect(app.registry.listPage(ADA, { cursor: 'x' })).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('the pages of ended sessions', () => {
  it('follow each other by the time of the end, last first, and keep the state', async () => {
    const pairs = await start(5, { options: { idleTimeout: '1h' } });
    const own = await app.auth.login(ADA);
    for (const index of [3, 0, 1]) {
      app.clock.advance(SECOND);
      await app.registry.revoke(ADA, guidOf(pairs[index] as TokenPair));
    }
    app.clock.advance(59 * MINUTE);
    const renewed = await app.auth.refresh(own.refresh_token);
    const pages = await pagesFrom('/sessions?state=ended&limit=2', renewed.access_token);
    const order = [1, 0, 3].map((index) => guidOf(pairs[index] as TokenPair));
    expect(pages.map(guidsIn)).toEqual([order.slice(0, 2), order.slice(2)]);
    app.clock.advance(MINUTE);
    const later = (await app.auth.refresh(renewed.refresh_token)).access_token;
    const idle = [4, 2].map((index) => guidOf(pairs[index] as TokenPair));
    expect((await pagesFrom('/sessions?state=ended&limit=2', later)).map(guidsIn)).toEqual([
      idle,
      order.slice(0, 2),
      order.slice(2),
    ]);
  });

  it('hold all that ended in one moment', async () => {
    const pairs = await start(5);
    await app.registry.revokeAll(ADA);
    const own = await app.auth.login(ADA);
    const pages = await pagesFrom('/sessions?state=ended&limit=2', own.access_token);
    expect(pages.flatMap(guidsIn)).toEqual(pairs.map(guidOf).reverse());
  });
});

describe('a user who signs in without end', () => {
  it('has at most a thousand sessions without a limit, and reports that', async () => {
    const pairs = await start(1_001);
    expect(eventsNamed(app, 'revoked')).toEqual([
      { userId: ADA, guid: guidOf(pairs[0] as TokenPair), reason: 'evicted', count: 1, at: app.clock.now() },
    ]);
    expect(eventsNamed(app, 'crowded')).toEqual([{ userId: ADA, limit: 1_000, at: app.clock.now() }]);
    const { sessions, next } = await app.registry.listPage(ADA, { limit: 1_000 });
    expect([sessions.length, next]).toEqual([1_000, undefined]);
  });
});
