import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuthModuleOptions, NearCopyMetrics, TokenPair } from 'nestjs-session-registry';
import { SECRET, startApp, type TestApp } from '../support/app.js';
import type { ErrorBody } from '../support/client.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';
import { type AppProcess, startProcess } from '../support/process/app-process.js';
import { FileClock, FREEZING } from '../support/process/freezing.js';
import { until } from '../support/servers/redis-server.mjs';
import { TcpProxy } from '../support/tcp-proxy.js';
import { MINUTE, SECOND } from '../support/times.js';

const LIMITS = { accessTtl: '2h', idleTimeout: '30m' } as const;
const NEAR_COPIES: Partial<AuthModuleOptions> = { revocation: { nearCopy: { over: 'database', maxAge: '60s' } } };

if (DATABASES.includes('postgres')) {
  describe('a process that is frozen right after an answer', () => {
    const clock = FileClock.create();
    let database: TestDatabase;
    let proxy: TcpProxy;
    /** An app that is never frozen, over the same database. */
    let app: TestApp;
    /** With `serverless`, and without it. */
    let serverless: AppProcess;
    let ordinary: AppProcess;
    /** A device for each of them. */
    let pairs: [TokenPair, TokenPair];

    beforeAll(async () => {
      database = await createDatabase('postgres');
      const before = await TcpProxy.before(database.url);
      proxy = before.proxy;
      // Its timer would close connections first if this machine was slow.
      const extra = { idleTimeoutMillis: 0 };
      const start = (options: Partial<AuthModuleOptions>) =>
        startProcess({
          auth: { secret: SECRET, ...LIMITS, ...options, database: { type: 'postgres', url: before.url, extra } },
          clockFile: clock.file,
        });
      app = await startApp({
        options: { ...LIMITS, ...NEAR_COPIES, database: database.options, migrate: true, clock },
      });
      serverless = await start({ serverless: true });
      ordinary = await start({ ...NEAR_COPIES, storeTimeout: '1s' });
      pairs = [await app.auth.login('ada'), await app.auth.login('ada')];
    }, 60_000);
    afterAll(async () => {
      await serverless.kill();
      await ordinary.kill();
      await app.close();
      await proxy.stop();
      await database.drop();
    });

    /** The answer to a request that thaws the process, which is frozen again after it. */
    async function askOnce(process: AppProcess, { access_token: token }: TokenPair): Promise<string> {
      const headers = { [FREEZING]: 'after the answer' };
      const answering = process.client.call<Partial<ErrorBody>>('GET', '/profile', { token, headers });
      process.thaw();
      const { status, body } = await answering;
      await process.frozen();
      return body.code ? `${status} ${body.code}` : `${status}`;
    }

    /** The first answer that is not 503. */
    async function ask(process: AppProcess, pair: TokenPair): Promise<string> {
      let answer = '';
      await until(async () => {
        answer = await askOnce(process, pair);
        return answer !== '503 unavailable';
      });
      return answer;
    }

    /** How long ago each of the two was active, in milliseconds. */
    async function ages(): Promise<(number | undefined)[]> {
      const sessions = await app.registry.list('ada');
      return pairs.map(({ session: { guid } }) => {
        const session = sessions.find((one) => one.guid === guid);
        return session && clock.now() - Date.parse(session.lastActiveAt);
      });
    }

    it('answers from no near copy when it goes on, though it heard of no sign-out', async () => {
      const pair = await app.auth.login('grace');
      await until(async () => (await near()).connected);
      for (const hits of [0, 1]) {
        expect((await ordinary.client.profile(pair.access_token)).status).toBe(200);
        expect((await near()).hits).toBe(hits);
      }
      expect(await askOnce(ordinary, pair)).toBe('200');
      proxy.forget();
      expect(await app.registry.revoke('grace', pair.session.guid)).toBe(true);
      clock.advance(10 * SECOND);
      expect(await ask(ordinary, pair)).toBe('401 invalid_token');
    });

    async function near(): Promise<NearCopyMetrics> {
      return (await ordinary.client.call<NearCopyMetrics>('GET', '/near')).body;
    }

    it('has written when a session was active with `serverless`, and not without', async () => {
      clock.advance(2 * MINUTE);
      const [{ session }] = pairs;
      const untouched = clock.now() - Date.parse(session.createdAt);
      expect(await ages()).toEqual([untouched, untouched]);
      expect(await ask(serverless, pairs[0])).toBe('200');
      expect(await ask(ordinary, pairs[1])).toBe('200');
      expect(await ages()).toEqual([0, untouched]);
    });

    it('uses no connection from before with `serverless`, and waits for dead ones without', async () => {
      const phone = await app.auth.login('ada');
      proxy.forget();
      expect(await app.registry.revoke('ada', phone.session.guid)).toBe(true);
      clock.advance(20 * MINUTE);
      expect(await askOnce(serverless, phone)).toBe('401 invalid_token');
      expect(await askOnce(serverless, pairs[0])).toBe('200');
      expect(await ask(ordinary, pairs[1])).toBe('200');
    });

    it('keeps a session from becoming idle with `serverless`, and not without', async () => {
      clock.advance(29 * MINUTE);
      expect(await ages()).toEqual([29 * MINUTE, undefined]);
      expect(await ask(serverless, pairs[0])).toBe('200');
      expect(await ask(ordinary, pairs[1])).toBe('401 invalid_token');
      const ended = await app.registry.listEnded('ada');
      expect(ended).toContainEqual(expect.objectContaining({ guid: pairs[1].session.guid, endReason: 'idle' }));
    });
  });
}
