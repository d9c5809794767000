/**
 * Draws docs/images from the running reference app: `npm run build && npx nest build example && node
 * examples/screenshots.mjs`. Needs Chromium; `CHROMIUM` names it if it is not at /usr/bin/chromium.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { chromium } from 'playwright-core';

const ROOT = new URL('..', import.meta.url).pathname;
const IMAGES = join(ROOT, 'docs', 'images');
const USER = { username: 'ada', password: 'ada-password' };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const AGENTS = {
  laptop:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  phone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  library: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0',
};

const folder = mkdtempSync(join(tmpdir(), 'screenshots-'));
const file = join(folder, 'example.sqlite');
const app = await startApp();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
try {
  mkdirSync(IMAGES, { recursive: true });
  await draw();
} finally {
  await browser.close();
  app.kill();
  await once(app, 'exit');
  rmSync(folder, { recursive: true, force: true });
}

async function draw() {
  const laptop = await open('laptop');
  await laptop.getByLabel('User name').fill(USER.username);
  await shoot(laptop, 'sign-in.png');
  await laptop.getByRole('button', { name: 'Create an account' }).click();
  await submit(laptop, 'Create an account');
  for (const agent of ['phone', 'library']) await submit(await open(agent), 'Sign in');

  await laptop.getByRole('button', { name: 'Sign out Firefox on Windows' }).click();
  await laptop.getByText('Firefox on Windows is signed out.').waitFor();
  await laptop.getByRole('button', { name: 'Rename Safari on iOS' }).click();
  await laptop.getByRole('textbox', { name: 'Name of this device' }).fill('Ada’s phone');
  await laptop.keyboard.press('Enter');
  await laptop.getByRole('heading', { name: 'Ada’s phone' }).waitFor();
  age();
  await laptop.reload();
  await laptop.getByText('Recently ended').waitFor();
  await shoot(laptop, 'devices.png');
}

async function open(agent) {
  const context = await browser.newContext({
    userAgent: AGENTS[agent],
    viewport: { width: 900, height: 620 },
    colorScheme: 'light',
  });
  const page = await context.newPage();
  await page.goto(app.url);
  return page;
}

async function submit(page, button) {
  await page.getByLabel('User name').fill(USER.username);
  await page.getByLabel('Password').fill(USER.password);
  await page.locator('#entry-submit', { hasText: button }).click();
  await page.getByRole('heading', { name: 'Your devices' }).waitFor();
}

/** Makes what happened just now look like a few days of use. */
function age() {
  const database = new Database(file, { timeout: 5000 });
  const older = database.prepare(
    'UPDATE sessions SET "createdAt" = "createdAt" - ?, "lastActiveAt" = "lastActiveAt" - ?, "endedAt" = "endedAt" - ? WHERE "userAgent" LIKE ?',
  );
  older.run(52 * HOUR, 0, 0, '%Chrome/%');
  older.run(27 * HOUR, 14 * MINUTE, 0, '%iPhone%');
  older.run(5 * HOUR, 3 * HOUR, 2 * HOUR, '%Firefox%');
  database.close();
}

async function shoot(page, name) {
  await page.mouse.move(0, 0);
  await page.evaluate(() => document.activeElement.blur());
  await page.screenshot({ path: join(IMAGES, name), fullPage: true });
}

async function startApp() {
  const env = { ...process.env, PORT: '0', DATABASE_URL: `sqlite:${file}` };
  const child = spawn(process.execPath, ['dist-example/main.js'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    child.url = /http:\S+/.exec(line)?.[0];
    if (child.url) return child;
  }
  throw new Error('The app did not start');
}
