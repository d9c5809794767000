import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import type { Browser } from 'playwright-core';
import type { ExampleCheckout, RunningExample } from '../examples/example-app.js';
import { Client } from '../support/client.js';
import { AGENTS, DevicePage } from './page.js';

const USER = { username: 'keyboard', password: 'keyboard-password' };

/** Every action of the page, by somebody who has no pointer. */
export function keyboardStory(checkout: ExampleCheckout, chromium: () => Browser): void {
  describe('with the keyboard alone', () => {
    let app: RunningExample;
    let desk: DevicePage;
    let phone: DevicePage;

    beforeAll(async () => {
      app = await checkout.start({ DATABASE_URL: checkout.newDatabase() });
      await new Client(app.url).call('POST', '/users', { body: USER });
      desk = await DevicePage.open(chromium(), app.url);
      phone = await DevicePage.open(chromium(), app.url, { userAgent: AGENTS.phone });
    });
    afterAll(async () => {
      await Promise.all([desk.close(), phone.close()]);
      await app.stop();
    });

    const { press, type } = {
      press: (key: string) => desk.page.keyboard.press(key),
      type: (text: string) => desk.page.keyboard.type(text),
    };
    /** Goes on with Tab until what has the focus is called so. */
    const tabTo = async (name: string) => {
      const seen: string[] = [];
      while (seen.length < 60) {
        await press('Tab');
        seen.push(await desk.focusedName());
        if (seen.at(-1) === name) return;
      }
      throw new Error(`Tab never came to "${name}", but to ${seen.join(', ')}`);
    };

    /** Goes on with Tab until it has the focus, and presses it. */
    const choose = async (name: string) => {
      await tabTo(name);
      await press('Enter');
    };

    it('somebody signs in, renames, signs out one device, the others, and all', async () => {
      await phone.signIn(USER);
      await tabTo('User name');
      await type(USER.username);
      await tabTo('Password');
      await type(USER.password);
      await press('Enter');
      await desk.row('Safari on iOS').waitFor();

      await choose('Rename Safari on iOS');
      expect(await desk.focusedName()).toBe('Name of this device');
      await press('ControlOrMeta+a');
      await type('Ada’s phone');
      await press('Enter');
      await desk.row('Ada’s phone').waitFor();
      expect(await desk.focusedName()).toBe('Rename Ada’s phone');

      await choose('Sign out Ada’s phone');
      expect(await desk.focusedName()).toBe('Cancel');
      await press('Escape');
      expect(await desk.focusedName()).toBe('Sign out Ada’s phone');
      await press('Enter');
      await choose('Sign out');
      await desk.ended('Ada’s phone').waitFor();
      expect(await desk.focusedName()).not.toBe('');

      await phone.signIn(USER);
      await desk.row('Safari on iOS').waitFor();
      await choose('Sign out the other device');
      await choose('Sign out');
      await phone.reason();
      await phone.signIn(USER);
      await desk.row('Safari on iOS').waitFor();
      await choose('Sign out everywhere');
      await choose('Sign out everywhere');
      expect(await desk.reason()).toBe('You are signed out everywhere.');
      expect(await desk.focusedName()).toBe('User name');
    });

    it('somebody tries again what failed, looks at all that ended, and signs this device out', async () => {
      const elsewhere = new Client(app.url);
      for (let n = 0; n < 6; n++) {
        const { body } = await elsewhere.call<TokenPair>('POST', '/auth/login', { body: USER });
        await elsewhere.logout({ token: body.access_token });
      }
      await desk.signIn(USER);
      await desk.refusingLists(async () => {
        await desk.page.reload();
        await desk.list.getByRole('button', { name: 'Try again' }).waitFor();
        // The list also tries again by itself, and the button is gone with it.
        await tabTo('Try again');
      });
      await press('Enter');
      await desk.list.locator('[part~="current"]').waitFor();
      const showAll = await desk.list.getByRole('button', { name: /^Show all/ }).textContent();
      await choose(showAll ?? '');
      expect(await desk.focusedName()).toBe('Show fewer');
      await choose('Sign out Chrome on Windows');
      await choose('Sign out');
      await desk.reason();
    });
  });
}
