import { cpSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import { AppFolder } from './app-folder.js';
import { BUNDLERS } from './bundlers.js';
import { APPS } from './matrix.js';
import { PackedApp } from './packed-app.js';

const PAGE = '<!doctype html><body><session-list></session-list><script type="module" src="/page.js"></script>';

const app = new PackedApp(APPS.ownStore);
const front = new AppFolder();
let address: string;
let chromium: Browser;
beforeAll(async () => {
  front.install(inject('tarball'));
  cpSync('test/outside/bundled-page', front.path, { recursive: true });
  [chromium] = await Promise.all([launchChromium(), app.make(inject('tarball'))]);
  address = await app.start();
});
afterAll(() => Promise.all([chromium.close(), app.remove(), front.remove()]));

describe.each(Object.entries(BUNDLERS))('a page made with %s', (_name, bundle) => {
  it('signs in and shows the device, with one client for `import` and `require`', async () => {
    const script = await bundle(front.path);
    const page = await chromium.newPage({
      userAgent: `Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0`,
    });
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.route('**/page', (route) => route.fulfill({ contentType: 'text/html', body: PAGE }));
    await page.route('**/page.js', (route) => route.fulfill({ contentType: 'text/javascript', body: script }));
    await page.goto(`${address}/page`);
    const current = page.locator('session-list [part~="current"]');
    await current.waitFor();
    expect(problems).toEqual([]);
    expect(await page.locator('session-list [part~="device"]').first().textContent()).toContain('Firefox');
    expect(await page.locator('body').getAttribute('data-same')).toBe('true');
    await page.close();
  });
});
