import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/app.js';
import { Browser, setCookiesOf } from '../support/browser.js';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { openWorld, type World } from './realms-world.js';

const CUSTOMER = ['__Host-refresh_token', '__Host-access_token'];
const ADMIN = ['__Host-admin_refresh_token', '__Host-admin_access_token'];
const CREDENTIALS = { username: 'ada', password: 'ada-password' };

describe.each(ADAPTERS)('a browser that is signed in to two realms, on %s', (adapter) => {
  let database: TestDatabase;
  let world: World;
  let browser: Browser;

  beforeAll(async () => {
    database = await createDatabase('sqlite');
    const cookies = { transport: 'cookie', cookies: { access: true } } as const;
    world = await openWorld({ adapter, options: { database: database.options, ...cookies } });
  });
  afterAll(async () => {
    await world.close();
    await database.drop();
  });
  beforeEach(async () => {
    browser = new Browser(world.root);
    await browser.call('POST', '/auth/login', { body: CREDENTIALS });
    await browser.call('POST', '/admin/auth/login', { body: CREDENTIALS });
  });

  const status = async (path: string) => (await browser.call('GET', path)).status;

  it('has the cookies of both', () => {
    expect([...browser.jar.keys()]).toEqual([...CUSTOMER, ...ADMIN]);
  });

  it('is known to both, and to neither by the cookies of the other', async () => {
    const PATHS = ['/profile', '/passport/profile', '/office/profile', '/office/passport/profile'];
    for (const path of PATHS) expect([path, await status(path)]).toEqual([path, 200]);
    for (const name of ADMIN) browser.jar.delete(name);
    expect([await status('/profile'), await status('/office/profile')]).toEqual([200, 401]);
    expect(await browser.call('POST', '/admin/auth/refresh')).toMatchObject({ body: { code: 'invalid_grant' } });
  });

  it('renews and signs out in one of them', async () => {
    const renewed = await browser.call('POST', '/admin/auth/refresh');
    expect([renewed.status, setCookiesOf(renewed).map(({ name }) => name)]).toEqual([200, ADMIN]);
    const out = await browser.call('POST', '/admin/auth/logout');
    expect([out.status, setCookiesOf(out).map(({ name }) => name)]).toEqual([204, ADMIN]);
    expect([await status('/profile'), await status('/office/profile')]).toEqual([200, 401]);
  });

  it('gets a new session in place of its old one in the same realm only', async () => {
    const count = async () => [
      (await world.shop.registry.list('id-of-ada')).length,
      (await world.office.registry.list('id-of-ada')).length,
    ];
    const before = await count();
    await browser.call('POST', '/admin/auth/login', { body: CREDENTIALS });
    expect(await count()).toEqual(before);
    expect(await status('/profile')).toBe(200);
  });
});
