/**
 * Draws docs/images from the running reference app: `npm run screenshots`, which builds first. Needs Chromium;
 * `CHROMIUM` names it if it is not where the system keeps it.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { ExampleCheckout } from '../examples/example-app.js';
import { launchChromium } from '../support/chromium.js';
import { Client } from '../support/client.js';
import { AGENTS, DevicePage } from './page.js';

const IMAGES = join('docs', 'images');
const STATES = join(IMAGES, 'states');
const USER = { username: 'ada', password: 'ada-password' };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SIZES = { phone: { width: 360, height: 720 }, desktop: { width: 1000, height: 700 } };
/** Texts of a page's own, in a language that is not shipped. */
const ARABIC = `{
  heading: 'أجهزتك',
  lead: (devices) => 'سجّلت الدخول على ' + devices + ' أجهزة. سجّل الخروج من أي جهاز لا تعرفه.',
  current: 'هذا الجهاز',
  activeNow: 'نشط الآن',
  active: (ago) => 'نشط ' + ago,
  since: (when) => 'مسجّل منذ ' + when,
  justNow: 'الآن',
  signOut: 'تسجيل الخروج',
  signOutOthers: (devices) => 'تسجيل الخروج من الأجهزة الأخرى (' + devices + ')',
  signOutAll: 'تسجيل الخروج من كل مكان',
  endedHeading: 'انتهت مؤخرًا',
  reason: (reason) =>
    reason === 'reuse_detected'
      ? 'استخدم شخص نسخة قديمة من تسجيل الدخول هذا فأنهيناه. إن لم تكن أنت، فغيّر كلمة المرور.'
      : 'تم تسجيل الخروج على الجهاز نفسه.',
}`;

const checkout = new ExampleCheckout();
mkdirSync(STATES, { recursive: true });
await checkout.build();
const browser = await launchChromium();
try {
  for (const theme of ['light', 'dark']) for (const size of ['phone', 'desktop']) await drawStates(theme, size);
} finally {
  await browser.close();
  await checkout.remove();
}

/** Goes through every state, in the order in which somebody may come to see them. */
async function drawStates(theme, size) {
  const DATABASE_URL = checkout.newDatabase();
  const app = await checkout.start({ DATABASE_URL, REUSE_INTERVAL: '0s' });
  await new Client(app.url).call('POST', '/users', { body: USER });
  const look = { colorScheme: theme, viewport: SIZES[size], deviceScaleFactor: size === 'phone' ? 2 : 1 };
  const desk = await DevicePage.open(browser, app.url, { ...look, locale: 'en', reducedMotion: 'reduce' });
  const shoot = (state) => draw(desk, join(STATES, `${state}-${theme}-${size}.png`));
  const { list, page } = desk;

  await page.getByLabel('User name').fill(USER.username);
  await shoot('sign-in');
  await page.getByLabel('Password', { exact: true }).fill('mistyped');
  await page.locator('#entry-submit').click();
  await page.getByText('User name or password is wrong.').waitFor();
  await shoot('sign-in-refused');
  await desk.signIn(USER);
  await shoot('one-device');

  await desk.holdingLists(async () => {
    await page.reload();
    await list.locator('[aria-busy="true"]').waitFor();
    await shoot('loading');
  });
  await desk.refusingLists(async () => {
    await page.reload();
    await list.getByRole('button', { name: 'Try again' }).waitFor();
    await shoot('error');
  });
  await list.getByRole('button', { name: 'Try again' }).click();

  await fill(app.url, desk);
  age(DATABASE_URL);
  await page.reload();
  await desk.ended('change your password').waitFor();
  await shoot('devices');
  await show(desk, theme, size);
  await list.getByRole('button', { name: 'Rename Ada’s phone' }).click();
  await shoot('renaming');
  await page.keyboard.press('Escape');
  await list.getByRole('button', { name: 'Sign out Ada’s phone' }).click();
  await list.getByRole('dialog').waitFor();
  await draw(desk, join(STATES, `asking-${theme}-${size}.png`), false);
  await page.keyboard.press('Escape');
  for (const [name, lang] of [
    ['german', 'de'],
    ['chinese', 'zh'],
  ]) {
    await desk.speak(lang);
    await shoot(name);
  }
  await page.evaluate(`document.querySelector('session-list').texts = ${ARABIC}`);
  await desk.speak('ar', 'rtl');
  await shoot('right-to-left');
  await page.evaluate(`document.querySelector('session-list').texts = null`);
  await desk.speak('en');
  await desk.context.setOffline(true);
  await list.getByText(/^Showing what was known at/).waitFor();
  await shoot('offline');
  await desk.context.setOffline(false);
  await page.getByRole('link', { name: 'Profile' }).click();
  await page.getByText('This sign-in', { exact: true }).waitFor();
  await shoot('profile');
  await new Client(app.url).call('DELETE', '/sessions', { token: await accessToken(page) });
  await desk.reason();
  await shoot('signed-out');
  await desk.showSignedOutList();
  await shoot('signed-out-list');

  await desk.close();
  await app.stop();
}

/** The pictures of the pages of the documentation. */
async function show(desk, theme, size) {
  if (size === 'desktop') await draw(desk, join(IMAGES, `devices-${theme}.png`));
  else if (theme === 'light') await draw(desk, join(IMAGES, 'devices-phone.png'));
}

/** Other devices, two that ended, and one of them by a theft. */
async function fill(url, desk) {
  for (const [agent, name] of [[AGENTS.phone, 'Ada’s phone'], [AGENTS.tablet, 'Kitchen tablet'], [AGENTS.library]]) {
    const client = new Client(url);
    await client.call('POST', '/auth/login', { body: { ...USER, deviceName: name }, headers: { 'user-agent': agent } });
  }
  const login = async (agent) =>
    (await new Client(url).call('POST', '/auth/login', { body: USER, headers: { 'user-agent': agent } })).body;
  const robbed = await login(AGENTS.laptop);
  const client = new Client(url);
  const renew = () =>
    client.call('POST', '/auth/refresh', {
      body: { refresh_token: robbed.refresh_token },
      headers: { 'user-agent': AGENTS.laptop },
    });
  const { access_token: token } = (await renew()).body;
  await client.call('GET', '/profile', { token, headers: { 'user-agent': AGENTS.laptop } });
  await renew();
  await client.logout({ token: (await login(AGENTS.phone)).access_token });
  await desk.row('Kitchen tablet').waitFor();
}

/** Makes what happened just now look like a few days of use. */
function age(databaseUrl) {
  const database = new Database(databaseUrl.replace('sqlite:', ''), { timeout: 5_000 });
  const older = database.prepare(
    `UPDATE sessions SET "createdAt" = "createdAt" - ?, "lastActiveAt" = "lastActiveAt" - ?, "endedAt" = "endedAt" - ?,
      "ip" = ? WHERE "userAgent" = ? AND ("name" IS NOT NULL OR ?)`,
  );
  older.run(52 * HOUR, 0, 0, '203.0.113.7', AGENTS.desk, 1);
  older.run(27 * HOUR, 14 * MINUTE, 0, '198.51.100.23', AGENTS.phone, 0);
  older.run(800 * HOUR, 31 * HOUR, 0, '203.0.113.7', AGENTS.tablet, 0);
  older.run(5 * HOUR, 3 * HOUR, 0, '192.0.2.44', AGENTS.library, 1);
  older.run(60 * HOUR, 26 * HOUR, 26 * HOUR, '192.0.2.90', AGENTS.laptop, 1);
  database.close();
}

function accessToken(page) {
  return page.evaluate(`JSON.parse(localStorage.getItem('session')).access_token`);
}

async function draw({ page }, path, fullPage = true) {
  await page.mouse.move(0, 0);
  await page.screenshot({ path, fullPage, animations: 'disabled', caret: 'hide' });
}
