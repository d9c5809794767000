import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import type { DataSourceOptions } from 'typeorm';
import { SECRET, startApp, type TestApp } from '../support/app.js';
import { claimsOf } from '../support/client.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';
import { expectUnavailable } from '../support/expect.js';
import { startProcess } from '../support/process/app-process.js';
import { type Fault, TcpProxy } from '../support/tcp-proxy.js';

const OUTAGES: readonly Fault[] = ['down', 'hang', 'reset', 'slow', 'cut'];
const RECOVERY_TRIES = 50;
const RECOVERY_PAUSE = 100;

describe.each(DATABASES.filter((kind) => kind !== 'sqlite'))('with %s failing', (kind) => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let app: TestApp;
  let proxyUrl: string;
  const optionsOf = (url: string) => ({ type: kind, url, poolSize: 5 }) as DataSourceOptions;

  beforeAll(async () => {
    database = await createDatabase(kind);
    const way = await TcpProxy.before(database.url);
    proxy = way.proxy;
    // Longer than the deadline: a slow network is as good as none.
    proxy.delay = 1_000;
    proxyUrl = way.url;
    app = await startApp({ options: { database: optionsOf(proxyUrl), storeTimeout: '600ms' } });
  }, 60_000);
  afterEach(() => mend());
  afterAll(async () => {
    await app.close();
    await proxy.stop();
    await database.drop();
  });

  /** Ends the fault and waits until the same process serves again; fails when that takes more than five seconds. */
  async function mend(): Promise<void> {
    await proxy.become('none');
    for (let tries = 0; tries < RECOVERY_TRIES; tries++) {
      if ((await app.client.login('ada')).status === 200) return;
      await new Promise((done) => setTimeout(done, RECOVERY_PAUSE));
    }
    throw new Error('the app did not come back');
  }

  /** A live session and one that was signed out. */
  async function signInAndOut(): Promise<{ live: TokenPair; dead: TokenPair }> {
    const [live, dead] = [await app.client.signIn('ada'), await app.client.signIn('ada')];
    expect((await app.client.logout({ token: dead.access_token })).status).toBe(204);
    return { live, dead };
  }

  describe.each(OUTAGES)('(%s)', (fault) => {
    it('a good token is neither let in nor refused, and a revoked one is not let in', async () => {
      const { live, dead } = await signInAndOut();
      expect((await app.client.profile(live.access_token)).status).toBe(200);
      await proxy.become(fault);
      for (let attempt = 0; attempt < 3; attempt++) {
        expectUnavailable(await app.client.profile(live.access_token));
        expectUnavailable(await app.client.profile(dead.access_token));
      }
    });

    it('a sign-out that could not be stored says so, and succeeds when it is tried again', async () => {
      const { live } = await signInAndOut();
      await proxy.become(fault);
      expectUnavailable(await app.client.logout({ token: live.access_token }));
      await mend();
      expect((await app.client.logout({ token: live.access_token })).status).toBe(204);
      expect((await app.client.profile(live.access_token)).status).toBe(401);
    });

    it('a renewal that failed has consumed nothing', async () => {
      const { live } = await signInAndOut();
      await proxy.become(fault);
      expectUnavailable(await app.client.refresh(live.refresh_token));
      await mend();
      const first = await app.client.refresh(live.refresh_token);
      const second = await app.client.refresh(live.refresh_token);
      expect([first.status, second.status]).toEqual([200, 200]);
      expect(generation(second.body)).toBe(generation(first.body));
    });

    it('signing in and listing say so too', async () => {
      const { live } = await signInAndOut();
      await proxy.become(fault);
      expectUnavailable(await app.client.login('ada'));
      expectUnavailable(await app.client.call('GET', '/sessions', { token: live.access_token }));
      expectUnavailable(await app.client.call('DELETE', '/sessions', { token: live.access_token }));
    });
  });

  it('a renewal whose commit is in doubt converges on one successor when it is tried again', async () => {
    const { live } = await signInAndOut();
    await proxy.become('cut after commit');
    expectUnavailable(await app.client.refresh(live.refresh_token));
    await mend();
    const answers = await Promise.all([1, 2, 3].map(() => app.client.refresh(live.refresh_token)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ body }) => generation(body))).size).toBe(1);
  });

  it('a sign-out of all whose commit is in doubt converges when it is tried again', async () => {
    const { live } = await signInAndOut();
    await proxy.become('cut after commit');
    expectUnavailable(await app.client.call('DELETE', '/sessions', { token: live.access_token }));
    await mend();
    expect([200, 401]).toContain((await app.client.call('DELETE', '/sessions', { token: live.access_token })).status);
    expect((await app.client.profile(live.access_token)).status).toBe(401);
  });

  it('a thousand requests that wait for a hung database are all answered 503, and nothing piles up', async () => {
    const auth = { secret: SECRET, database: optionsOf(proxyUrl), migrate: false, storeTimeout: '400ms' } as const;
    const child = await startProcess({ auth });
    try {
      const { body: pair } = await child.client.call<TokenPair>('POST', '/open', { body: { userId: 'ada' } });
      await proxy.become('hang');
      const used: number[] = [];
      for (let round = 0; round < 6; round++) {
        const requests = Array.from({ length: 1_000 }, () => child.client.profile(pair.access_token));
        expect(new Set((await Promise.all(requests)).map(({ status }) => status))).toEqual(new Set([503]));
        used.push((await child.client.call<NodeJS.MemoryUsage>('GET', '/memory')).body.heapUsed);
      }
      const [, second = 0] = used;
      expect((used.at(-1) ?? 0) - second).toBeLessThan(10 * 1024 * 1024);
    } finally {
      await child.stop();
    }
  }, 60_000);
});

function generation(pair: TokenPair): unknown {
  return claimsOf(pair.refresh_token).refTokID;
}
