import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import type { ExampleCheckout, RunningExample } from '../examples/example-app.js';
import { Client } from '../support/client.js';
import { AGENTS, DevicePage } from './page.js';

const USER = { username: 'states', password: 'states-password' };
const AXE = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
/** What is asked in each theme: the dark one sets other colors and nothing else. */
const THEMES = [
  ['light', {}],
  ['dark', { runOnly: ['color-contrast', 'link-in-text-block'] }],
] as const;
const HEADINGS = { de: 'Ihre Geräte', zh: '您的设备', ar: 'أجهزتك' };
const ARABIC = `{ heading: '${HEADINGS.ar}' }`;
const SIZES = [
  { width: 320, height: 640 },
  { width: 1280, height: 900 },
];

/** Each theme and each width once; with `EXAMPLES=long` each theme at each width. */
const LOOKS =
  process.env.EXAMPLES === 'long'
    ? SIZES.flatMap((size) => THEMES.map((theme) => [size, theme] as const))
    : SIZES.map((size, index) => [size, THEMES[index] ?? THEMES[0]] as const);

/** Every state of the page, held against axe in both themes and two widths. */
export function statesStory(checkout: ExampleCheckout, chromium: () => Browser): void {
  describe('the page in both themes, on a phone and on a desktop', () => {
    let app: RunningExample;
    let desk: DevicePage;
    const guests: DevicePage[] = [];

    beforeAll(async () => {
      app = await checkout.start({ DATABASE_URL: checkout.newDatabase(), REUSE_INTERVAL: '0s' });
      await new Client(app.url).call('POST', '/users', { body: USER });
      desk = await DevicePage.open(chromium(), app.url, { reducedMotion: 'reduce' });
    });
    afterEach(() => Promise.all(guests.splice(0).map((guest) => guest.close())));
    afterAll(async () => {
      await desk.close();
      await app.stop();
    });

    const guest = async (userAgent: string) => {
      const page = await DevicePage.open(chromium(), app.url, { userAgent });
      guests.push(page);
      return page.signIn(USER);
    };
    it('is free of findings, and nothing sticks out, before the sign-in', async () => {
      await expectSound(desk);
      await desk.page.getByRole('button', { name: 'Create an account' }).click();
      await expectSound(desk);
      await desk.page.getByRole('button', { name: 'Sign in' }).click();
      await desk.page.getByLabel('User name').fill(USER.username);
      await desk.page.getByLabel('Password', { exact: true }).fill('a wrong one');
      await desk.page.locator('#entry-submit').click();
      await desk.page.getByText('User name or password is wrong.').waitFor();
      await expectSound(desk);
    });

    it('… while it loads, with one device, and on the profile', async () => {
      await desk.signIn(USER);
      await desk.holdingLists(async () => {
        await desk.page.reload();
        await desk.list.locator('[aria-busy="true"]').waitFor();
        await expectSound(desk);
      });
      await desk.list.getByText('You are signed in on this device only.').waitFor();
      await expectSound(desk);
      await desk.page.getByRole('link', { name: 'Profile' }).click();
      await desk.page.getByText('This sign-in', { exact: true }).waitFor();
      await expectSound(desk);
      await expectSecondTry(desk);
      await desk.page.getByRole('link', { name: 'Devices' }).click();
    });

    it('… with several devices, an ended one and a theft, renaming, asking, and away', async () => {
      const phone = await guest(AGENTS.phone);
      await phone.page.getByRole('button', { name: 'Sign out', exact: true }).click();
      await phone.reason();
      const robbed = await guest(AGENTS.library);
      const thief = new Client(app.url);
      const token = await robbed.stolenToken();
      await thief.profile((await thief.refresh(token)).body.access_token);
      await thief.refresh(token);
      await desk.ended('change your password').waitFor();
      await guest(AGENTS.phone);
      await desk.row('Safari on iOS').waitFor();
      await expectSound(desk);

      await desk.list.getByRole('button', { name: 'Rename Safari on iOS' }).click();
      await expectSound(desk);
      await desk.page.route('**/sessions/*', (route) => route.fulfill({ status: 503, json: { code: 'unavailable' } }));
      await desk.list.getByRole('textbox', { name: 'Name of this device' }).fill('Kitchen');
      await desk.page.keyboard.press('Enter');
      await desk.list.getByText('The server cannot answer right now.').waitFor();
      expect(await desk.focusedName()).toBe('Name of this device');
      await desk.page.unrouteAll();
      await expectSound(desk);
      await desk.page.keyboard.press('Escape');

      await desk.list.getByRole('button', { name: 'Sign out Safari on iOS' }).click();
      await desk.list.getByRole('dialog').waitFor();
      await expectSound(desk);
      await desk.page.keyboard.press('Escape');

      await desk.context.setOffline(true);
      await desk.list.getByText(/^Showing what was known at/).waitFor();
      await expectSound(desk);
      await desk.context.setOffline(false);
    });

    it('… in German, in Chinese, and from right to left', async () => {
      for (const [lang, dir] of [
        ['de', 'ltr'],
        ['zh', 'ltr'],
        ['ar', 'rtl'],
      ] as const) {
        await desk.speak(lang, dir);
        // Texts of the page's own, for a language that is not shipped.
        await desk.page.evaluate(`document.querySelector('session-list').texts = ${lang === 'ar' ? ARABIC : null}`);
        await desk.list.getByRole('heading', { name: HEADINGS[lang] }).waitFor();
        await expectSound(desk);
      }
      await desk.page.evaluate(`document.querySelector('session-list').texts = null`);
      await desk.speak('en');
    });

    it('… where the lists cannot be had, and when it is over', async () => {
      await desk.refusingLists(async () => {
        await desk.page.reload();
        await desk.list.getByText('Your devices could not be loaded.').waitFor();
        await expectSound(desk);
        // The list also tries again by itself, and the button is gone with it.
        await desk.list.getByRole('button', { name: 'Try again' }).focus();
      });
      await desk.page.keyboard.press('Enter');
      await desk.press('Sign out everywhere');
      await desk.reason();
      await expectSound(desk);
      await desk.showSignedOutList();
      await expectSound(desk);
    });
  });
}

/** A change of password of which nobody knows says so, and the same button tries again with what is filled in. */
async function expectSecondTry(desk: DevicePage): Promise<void> {
  const { page } = desk;
  const message = 'It is not known whether your password was changed; try again with the same passwords';
  await page.route('**/account/password', (route) =>
    route.fulfill({ status: 503, json: { code: 'unavailable', message } }),
  );
  await page.getByLabel('Current password').fill(USER.password);
  await page.getByLabel('New password').fill(USER.password);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText(/try again with the same passwords|cannot answer right now/i).waitFor();
  await expectSound(desk);
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('Your password is changed. No other device is signed in.').waitFor();
}

/** No finding of axe in either theme and at either size, and no scrolling sideways. */
async function expectSound({ page }: DevicePage): Promise<void> {
  if (await page.evaluate(`typeof axe === 'undefined'`)) await page.evaluate(AXE);
  for (const [size, [colorScheme, rules]] of LOOKS) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    const { violations } = (await page.evaluate(`axe.run(${JSON.stringify(rules)})`)) as AxeResults;
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => [id, html, failureSummary]),
    );
    expect({ size, colorScheme, found }).toEqual({ size, colorScheme, found: [] });
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  }
}
