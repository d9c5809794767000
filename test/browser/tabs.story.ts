import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import type { Browser, BrowserContext, Page, Route } from 'playwright-core';
import type { ExampleCheckout, RunningExample } from '../examples/example-app.js';
import { Client, claimsOf } from '../support/client.js';

const TABS = 10;
const ROUNDS = process.env.EXAMPLES === 'long' ? 50 : 8;
const USER = { username: 'tabs', password: 'tabs-password' };

/** Ten tabs of one browser share a sign-in whose access token is over each time they wake. */
export function tabsStory(checkout: ExampleCheckout, chromium: () => Browser): void {
  describe('ten tabs of one browser', () => {
    let app: RunningExample;
    let context: BrowserContext;
    let tabs: Page[];
    let expired: string;
    /** What the answers to renewals gave: the generation, or the status of a refusal. */
    let renewals: unknown[] = [];

    beforeAll(async () => {
      const env = {
        DATABASE_URL: checkout.newDatabase(),
        AUTH_SECRET: 'a secret of the tests, of more than thirty-two bytes',
      };
      app = await checkout.start(env);
      const client = new Client(app.url);
      await client.call('POST', '/users', { body: USER });
      expired = await expiredToken(checkout, env);
      context = await chromium().newContext();
      // A page that does nothing by itself.
      await context.route('**/blank', (route) =>
        route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Blank</title>' }),
      );
      await context.route('**/auth/refresh', async (route) => {
        const response = await route.fetch();
        const { refresh_token } = (await response.json()) as Partial<TokenPair>;
        renewals.push(refresh_token ? claimsOf(refresh_token).refTokID : response.status());
        await route.fulfill({ response });
      });
      tabs = await Promise.all(Array.from({ length: TABS }, () => openTab(context, app.url)));
      await tabs[0]?.evaluate(`client.login(${JSON.stringify(USER)})`);
    });
    afterAll(async () => {
      await context.close();
      await app.stop();
    });

    /**
     * What tabs find that slept for longer than their access token lives; a browser needs a moment to show it to all.
     * Renewals count from here on: the stream of news may ask for one before a tab calls.
     */
    const sleep = async () => {
      renewals = [];
      const before: string = await (tabs[0] as Page).evaluate(`(() => {
        const before = localStorage.getItem('session');
        localStorage.setItem('session', JSON.stringify({
          ...JSON.parse(before), access_token: '${expired}', renewAt: Date.now() - 1_000 * Math.random(),
        }));
        return before;
      })()`);
      const isSeen = `localStorage.getItem('session') !== ${JSON.stringify(before)}`;
      await Promise.all(tabs.map((tab) => tab.waitForFunction(isSeen)));
    };

    it(`wake together with a token that is over, and go on with one rotation: ${ROUNDS} rounds, nobody signed out`, async () => {
      const { status } = await new Client(app.url).profile(expired);
      expect(status).toBe(401);
      const [seen, generations]: [unknown[], unknown[]] = [[], []];
      for (let round = 0; round < ROUNDS; round++) {
        await sleep();
        const statuses = await Promise.all(tabs.map((tab) => tab.evaluate(`profile()`)));
        seen.push(statuses);
        // A tab that does not see yet what another has stored asks too, and is given the same generation.
        generations.push(...new Set(renewals));
      }
      expect(seen).toEqual(Array(ROUNDS).fill(Array(TABS).fill(200)));
      expect([generations.length, new Set(generations).size]).toEqual([ROUNDS, ROUNDS]);
      expect(await Promise.all(tabs.map((tab) => tab.evaluate('endings')))).toEqual(Array(TABS).fill([]));
    });

    it('all stay signed in without locks as well, which browsers offer in secure contexts alone', async () => {
      for (const tab of tabs) await tab.evaluate(`Object.defineProperty(navigator, 'locks', { value: undefined })`);
      for (let round = 0; round < 5; round++) {
        await sleep();
        expect(await Promise.all(tabs.map((tab) => tab.evaluate(`profile()`)))).toEqual(Array(TABS).fill(200));
        expect(new Set(renewals).size).toBe(1);
      }
      expect(await Promise.all(tabs.map((tab) => tab.evaluate('endings')))).toEqual(Array(TABS).fill([]));
    });

    it('stay signed in when the answer of a renewal is lost to each of two and the network is away for a while', async () => {
      const [tab, other] = tabs as [Page, Page];
      let [lost, bothLost] = [0, () => {}];
      const areLost = new Promise<void>((resolve) => {
        bothLost = resolve;
      });
      const loseAnswer = async (route: Route) => {
        await route.fetch();
        await context.setOffline(true);
        await route.abort('connectionreset');
        lost += 1;
        if (lost === 2) bothLost();
      };
      await context.route('**/auth/refresh', loseAnswer, { times: 2 });
      await sleep();
      const waking = [tab, other].map((one) => one.evaluate(`profile().catch(({ code }) => code)`));
      await areLost;
      await context.setOffline(false);
      expect(await Promise.all(waking)).toEqual([200, 200]);
      expect(await tab.evaluate('endings')).toEqual([]);
    });

    it('are told the difference between offline and signed out', async () => {
      const [tab] = tabs as [Page];
      await context.setOffline(true);
      expect(await tab.evaluate(`client.sessions.list().catch(({ code }) => code)`)).toBe('offline');
      await context.setOffline(false);
      expect(await tab.evaluate(`profile()`)).toBe(200);
    });

    it('are all told when one of them signs out', async () => {
      const [tab] = tabs as [Page];
      await tab.evaluate('client.logout()');
      for (const one of tabs) await one.waitForFunction(`endings.length > 0`);
      expect(await Promise.all(tabs.map((one) => one.evaluate('endings')))).toEqual(Array(TABS).fill(['signed_out']));
    });
  });
}

async function openTab(context: BrowserContext, url: string): Promise<Page> {
  const tab = await context.newPage();
  await tab.goto(`${url}/blank`);
  await tab.evaluate(`import('/lib/client.js').then(({ createSessionClient }) => {
    window.client = createSessionClient({});
    window.endings = [];
    client.onSignedOut((reason) => endings.push(reason));
    window.profile = async () => (await client.fetch('/profile')).status;
  })`);
  return tab;
}

/** An access token of this app's that is over: of a process over the same database whose tokens live for a second. */
async function expiredToken(checkout: ExampleCheckout, env: Record<string, string>): Promise<string> {
  const app = await checkout.start({ ...env, ACCESS_TTL: '1s' });
  const client = new Client(app.url);
  const { access_token } = (await client.call<TokenPair>('POST', '/auth/login', { body: USER })).body;
  while ((await client.profile(access_token)).status === 200);
  await app.stop();
  return access_token;
}
