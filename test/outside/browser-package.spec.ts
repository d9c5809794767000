import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import { AppFolder } from './app-folder.js';
import { BUNDLERS } from './bundlers.js';
import { APPS } from './matrix.js';
import { PackedApp } from './packed-app.js';
import { checkTypes, RESOLUTIONS } from './type-resolution.js';

const NAME = 'nestjs-session-registry-browser';
const LIST = '<!doctype html><body><session-list></session-list>';
const OF_MODULES = `${LIST}<script type="module" src="/page.js"></script>`;
const OF_ONE_FILE = `${LIST}<script src="/page.js"></script><script>
  const client = SessionRegistry.createSessionClient();
  client.login({ username: 'ada', password: 'ada-password' }).then(() => {
    document.querySelector('session-list').client = client;
  });
</script>`;

const app = new PackedApp(APPS.ownStore);
const front = new AppFolder();
let address: string;
let chromium: Browser;
beforeAll(async () => {
  front.installAlone(inject('browserTarball'), NAME);
  cpSync('test/outside/browser-page', front.path, { recursive: true });
  [chromium] = await Promise.all([launchChromium(), app.make(inject('tarball'))]);
  address = await app.start();
});
afterAll(() => Promise.all([chromium.close(), app.remove(), front.remove()]));

/** Opens a page with this script, waits until it shows the device of the user, and gives the errors in it. */
async function open(html: string, script: string): Promise<string[]> {
  const page = await chromium.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.route('**/page', (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await page.route('**/page.js', (route) => route.fulfill({ contentType: 'text/javascript', body: script }));
  await page.goto(`${address}/page`);
  await page.locator('session-list [part~="current"]').waitFor();
  await page.close();
  return problems;
}

describe('the browser side, installed without Nest', () => {
  it('has no dependencies, and the version of the library', () => {
    const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    const manifest = read(join(front.path, 'node_modules', NAME, 'package.json'));
    expect(manifest).toMatchObject({ name: NAME, version: read('package.json').version });
    for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies'])
      expect(manifest[kind]).toBeUndefined();
    expect(readdirSync(join(front.path, 'node_modules'))).toEqual([NAME]);
  });

  it('signs in and shows the device, as modules in a bundle', async () => {
    expect(await open(OF_MODULES, await BUNDLERS.esbuild(front.path))).toEqual([]);
  });

  it('signs in and shows the device, as one file of a `<script>`', async () => {
    const script = readFileSync(join(front.path, 'node_modules', NAME, 'script.js'), 'utf8');
    expect(await open(OF_ONE_FILE, script)).toEqual([]);
  });

  it.each(RESOLUTIONS.filter(({ name, file }) => name !== 'node10' && file !== 'app.cts'))(
    'has types that are found with $name',
    (resolution) => {
      const names = [NAME, `${NAME}/element`];
      const { problems, files } = checkTypes(resolution, names, { folder: front.path, packages: inject('nest11') });
      expect(problems).toEqual([]);
      expect(files).toBeGreaterThan(names.length);
    },
  );

  it('has nothing to complain about, says `publint`', async () => {
    const said = await front.succeed([resolve('node_modules/.bin/publint'), inject('browserTarball'), '--strict']);
    expect(said).toContain('All good!');
  });
});
