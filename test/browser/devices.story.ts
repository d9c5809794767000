import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import type { Browser } from 'playwright-core';
import type { ExampleCheckout, RunningExample } from '../examples/example-app.js';
import { Client, type ErrorBody } from '../support/client.js';
import { median } from '../support/statistics.js';
import { AGENTS, DevicePage, type Person } from './page.js';

const LONG = process.env.EXAMPLES === 'long';

/** What people do with the list of their devices, in several browsers at once. */
export function devicesStory(checkout: ExampleCheckout, chromium: () => Browser): void {
  describe.each(['express', 'fastify'])('the page of the reference app on %s', (HTTP_ADAPTER) => {
    /** What the page makes of answers; that they are the same on both is held without a page. */
    const onOne = LONG || HTTP_ADAPTER === 'express' ? it : undefined;
    let app: RunningExample;
    const env = { HTTP_ADAPTER, DATABASE_URL: checkout.newDatabase(), REUSE_INTERVAL: '0s' };
    const open: DevicePage[] = [];
    let users = 0;

    beforeAll(async () => {
      app = await checkout.start(env);
    });
    afterAll(() => app.stop());
    afterEach(() => Promise.all(open.splice(0).map((page) => page.close())));

    const person = async (): Promise<Person> => {
      users += 1;
      const username = `person-${users}`;
      const body = { username, password: `${username}-password` };
      await new Client(app.url).call('POST', '/users', { body });
      return body;
    };
    const browse = async (user: Person, userAgent = AGENTS.desk) => {
      const page = await DevicePage.open(chromium(), app.url, { userAgent });
      open.push(page);
      return page.signIn(user);
    };
    /** The same user in two browsers. */
    const two = async () => {
      const user = await person();
      return { user, desk: await browse(user), phone: await browse(user, AGENTS.phone) };
    };

    onOne?.('shows each browser to the other as soon as it signs in', async () => {
      const { desk, phone } = await two();
      await desk.row('Safari on iOS').waitFor();
      await phone.row('Chrome on Windows').waitFor();
      expect(await desk.list.locator('[part~="current"]').textContent()).toContain('Chrome on Windows');
      expect(await phone.list.locator('[part~="current"]').textContent()).toContain('Safari on iOS');
    });

    it('signs up, and shows the profile that only the guard lets in', async () => {
      const page = await DevicePage.open(chromium(), app.url);
      open.push(page);
      await page.page.getByRole('button', { name: 'Create an account' }).click();
      await page.signIn({ username: `new-${HTTP_ADAPTER}`, password: 'a new password' });
      await page.page.getByRole('link', { name: 'Profile' }).click();
      await page.page.getByText('This sign-in', { exact: true }).waitFor();
      expect(await page.page.locator('#profile-facts dd').nth(1).textContent()).toMatch(/^[\da-f-]{36}$/);
    });

    it('says on the window that was signed out from another one that it was, within a second and without a reload', async () => {
      const { user, desk, phone } = await two();
      await phone.page.evaluate(`document.body.dataset.loaded = 'once'`);
      const delays: number[] = [];
      while (delays.length < 3) {
        await desk.list.getByRole('button', { name: 'Sign out Safari on iOS' }).click();
        const from = performance.now();
        await desk.confirm();
        expect(await phone.reason()).toBe('This device was signed out from another one.');
        delays.push(performance.now() - from);
        await desk.row('Safari on iOS').waitFor({ state: 'detached' });
        await phone.signIn(user);
        await desk.row('Safari on iOS').waitFor();
      }
      expect(await phone.page.evaluate(`document.body.dataset.loaded`)).toBe('once');
      await desk.ended('Safari on iOS').getByText('Signed out from the list of devices.').first().waitFor();
      process.stdout.write(`      ${HTTP_ADAPTER}: said so after ${delays.map(Math.round).join(', ')} ms\n`);
      // Of a machine that may be busy with something else for a moment.
      expect(median(delays)).toBeLessThan(1_000);
    });

    onOne?.('signs out all others, and says how many', async () => {
      const { user, desk, phone } = await two();
      const library = await browse(user, AGENTS.library);
      await desk.press('Sign out all other devices (2)');
      for (const other of [phone, library]) {
        expect(await other.reason()).toBe('This device was signed out from another one.');
      }
      await desk.list.getByText('2 other devices are signed out.').waitFor();
      await desk.list.getByText('You are signed in on this device only.').waitFor();
    });

    onOne?.('signs out everywhere, this window too', async () => {
      const { desk, phone } = await two();
      await desk.press('Sign out everywhere');
      expect(await desk.reason()).toBe('You are signed out everywhere.');
      expect(await phone.reason()).toBe('You are signed out everywhere.');
    });

    onOne?.('names a device in place, in every window', async () => {
      const { desk, phone } = await two();
      await desk.list.getByRole('button', { name: 'Rename Safari on iOS' }).click();
      await desk.list.getByRole('textbox', { name: 'Name of this device' }).fill('Ada’s phone');
      await desk.page.keyboard.press('Enter');
      await desk.row('Ada’s phone').getByText('Safari on iOS').waitFor();
      await phone.row('Ada’s phone').waitFor();
    });

    onOne?.(
      'tells of a theft: a stolen refresh token is noticed, both are out, and the page says what happened',
      async () => {
        const { user, desk } = await two();
        const thief = new Client(app.url);
        const stolen = await desk.stolenToken();
        // In another browser: nothing tells a thief from the owner where both look the same.
        const headers = { 'user-agent': AGENTS.library };
        const { body: pair } = await thief.call<TokenPair>('POST', '/auth/refresh', {
          body: { refresh_token: stolen },
          headers,
        });
        expect((await thief.profile(pair.access_token)).status).toBe(200);
        await desk.page.getByRole('link', { name: 'Profile' }).click();
        expect(await desk.reason()).toContain('Someone used an old copy of this sign-in, so we ended it.');
        expect((await thief.profile<ErrorBody>(pair.access_token)).status).toBe(401);
        expect((await thief.refresh<ErrorBody>(pair.refresh_token)).body.code).toBe('invalid_grant');
        await desk.signIn(user);
        await desk.ended('If that was not you, change your password').waitFor();
      },
    );

    onOne?.('marks a sign-in that two browsers use in turn, while they do', async () => {
      const user = await person();
      const desk = await browse(user);
      const outside = new Client(app.url);
      const renew = async (refresh_token: string, agent: string) => {
        const call = { body: { refresh_token }, headers: { 'user-agent': agent } };
        return (await outside.call<TokenPair>('POST', '/auth/refresh', call)).body.refresh_token;
      };
      const headers = { 'user-agent': AGENTS.phone };
      let owned = (await outside.signIn(user.username, { headers })).refresh_token;
      const row = desk.row('Safari on iOS');
      const hint = row.getByText('Used from two places in turn. If only one of them is you, sign out here.');
      await row.waitFor();
      for (let round = 1; round <= 5; round++) {
        expect(await hint.count()).toBe(0);
        const stolen = owned;
        owned = await renew(stolen, AGENTS.phone);
        await renew(stolen, AGENTS.library);
      }
      await hint.waitFor();
      expect(await desk.list.locator('[part~="hint"]').filter({ hasText: 'in turn' }).count()).toBe(1);
    });

    onOne?.('changes the password, which signs out every other window', async () => {
      const { user, desk, phone } = await two();
      await desk.page.getByRole('link', { name: 'Profile' }).click();
      await desk.page.getByLabel('Current password').fill('not it');
      await desk.page.getByLabel('New password').fill('another password');
      await desk.page.getByRole('button', { name: 'Change password' }).click();
      await desk.page.getByText('This is not your current password.').waitFor();
      await desk.page.getByLabel('Current password').fill(user.password);
      await desk.page.getByRole('button', { name: 'Change password' }).click();
      await desk.page.getByText('One other device was signed out.').waitFor();
      expect(await phone.reason()).toBe('Your password was changed on another device. Sign in with the new one.');
      const { status } = await new Client(app.url).call<TokenPair>('POST', '/auth/login', { body: user });
      expect(status).toBe(401);
    });

    onOne?.('says so when the server is down, and recovers by itself', async () => {
      const { desk } = await two();
      const { port } = new URL(app.url);
      await app.stop();
      await desk.list.getByText(/^Showing what was known at/).waitFor();
      await desk.row('Safari on iOS').waitFor();
      await desk.press('Sign out Safari on iOS');
      await desk.list.getByText('There is no connection.').waitFor();
      await desk.list.getByRole('button', { name: 'Cancel' }).click();
      app = await checkout.start({ ...env, PORT: port });
      await desk.list.getByText(/^Showing what was known at/).waitFor({ state: 'hidden' });
      await desk.press('Sign out Safari on iOS');
      await desk.ended('Safari on iOS').waitFor();
    });
  });
}
