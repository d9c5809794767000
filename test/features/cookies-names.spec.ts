import { afterEach, describe, expect, it } from 'vitest';
import { Test } from '@nestjs/testing';
import { AuthModule, type CookieOptions, MemorySessionStore } from 'nestjs-session-registry';
import { ADAPTERS, SECRET, startApp, type TestApp, type TestAppOptions } from '../support/app.js';
import { Browser, REFRESH, setCookiesOf, watchRefusals } from '../support/browser.js';
import { MemoryLog } from '../support/memory-log.js';
import { rowOf } from '../support/inspect.js';

const apps: TestApp[] = [];
const LOCAL = { 'sec-fetch-site': 'same-origin' };

async function start(given: TestAppOptions): Promise<TestApp> {
  const app = await startApp(given);
  apps.push(app);
  return app;
}

afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

describe.each(ADAPTERS)('cookies with a prefix (%s)', (adapter) => {
  const shop = { adapter, options: { transport: 'cookie', cookies: { access: true, prefix: 'shop_' } } } as const;

  it('let two apps on localhost share the jar of a browser', async () => {
    const [one, two] = [await start({ ...shop, options: { transport: 'cookie' } }), await start(shop)];
    const [atOne, atTwo] = [new Browser(one.client), new Browser(two.client)];
    const first = await atOne.login();
    for (const [name, value] of atOne.jar) atTwo.jar.set(name, value);
    const second = await atTwo.login();
    for (const [name, value] of atTwo.jar) atOne.jar.set(name, value);
    expect([...atTwo.jar.keys()]).toEqual([REFRESH, '__Host-shop_refresh_token', '__Host-shop_access_token']);
    expect([(await atOne.refresh()).body.session.guid, (await atTwo.refresh()).body.session.guid]).toEqual([
      first.body.session.guid,
      second.body.session.guid,
    ]);
    expect((await atTwo.call('GET', '/profile')).status).toBe(200);
    await atTwo.call('POST', '/auth/logout');
    expect([...atTwo.jar.keys()]).toEqual([REFRESH]);
    expect(rowOf(one, first.body.session.guid).endedAt).toBeNull();
  });

  it('tell whose session a sign-in replaces', async () => {
    const app = await start(shop);
    const browser = new Browser(app.client);
    const { body } = await browser.login();
    await browser.login();
    expect(rowOf(app, body.session.guid).endReason).toBe('replaced');
  });
});

describe.each(ADAPTERS)('cookies without Secure (%s)', (adapter) => {
  const insecure = { adapter, options: { transport: 'cookie', cookies: { secure: false } } } as const;

  it('are set on localhost, as Safari takes them there', async () => {
    const app = await start(insecure);
    const browser = new Browser(app.client);
    expect(setCookiesOf(await browser.login())).toMatchObject([
      { name: 'refresh_token', attributes: { httponly: true, samesite: 'Strict', path: '/' } },
    ]);
    const renewal = setCookiesOf(await browser.refresh());
    expect(renewal).toHaveLength(1);
    expect(renewal[0]?.attributes).not.toHaveProperty('secure');
  });

  it('are set on no other host, and the password is not even looked at', async () => {
    const app = await start(insecure);
    const reasons = watchRefusals(app);
    let checks = 0;
    app.users.onCheck = () => {
      checks += 1;
    };
    const url = new URL(app.client.baseUrl);
    const { request } = await import('node:http');
    const status = await new Promise((resolve, reject) => {
      const headers = { ...LOCAL, host: 'app.example.com', 'content-type': 'application/json' };
      request({ hostname: url.hostname, port: url.port, method: 'POST', path: '/auth/login', headers }, (answer) => {
        answer.resume().on('end', () => resolve([answer.statusCode, answer.headers['set-cookie']]));
      })
        .on('error', reject)
        .end(JSON.stringify({ username: 'ada', password: 'ada-password' }));
    });
    expect([status, reasons, checks]).toEqual([[400, undefined], ['malformed_request'], 0]);
  });
});

it('cookies without Secure are warned of at start, and others are not', async () => {
  const log = new MemoryLog();
  const boot = async (cookies: CookieOptions) => {
    const module = AuthModule.forRoot({
      secret: SECRET,
      store: new MemorySessionStore(),
      transport: 'cookie',
      cookies,
    });
    const testing = Test.createTestingModule({ imports: [module] }).setLogger(log);
    await (await testing.compile()).close();
  };
  const warnings = () => log.lines.filter((line) => line.includes('Secure'));
  await boot({});
  expect(warnings()).toEqual([]);
  await boot({ secure: false });
  expect(warnings()).toEqual([
    expect.stringMatching(
      /^warn Cookies are set without `Secure` and `__Host-`, and only on localhost, because `cookies.secure`/,
    ),
  ]);
});

describe.each(ADAPTERS)('with clearCache, a sign-out (%s)', (adapter) => {
  it('makes the browser drop what it cached, and nothing else does', async () => {
    const app = await start({ adapter, options: { clearCache: true } });
    const cleared = async (method: string, path: string, token?: string) => {
      const { status, headers } = await app.client.call(method, path, { ...(token !== undefined && { token }) });
      return [status, headers.get('clear-site-data')];
    };
    const tokenOf = async () => (await app.client.signIn()).access_token;
    const own = await app.client.signIn();
    const other = await app.client.signIn();
    expect(await cleared('DELETE', `/sessions/${other.session.guid}`, own.access_token)).toEqual([204, null]);
    expect(await cleared('DELETE', '/sessions?except=current', own.access_token)).toEqual([200, null]);
    expect(await cleared('GET', '/sessions', own.access_token)).toEqual([200, null]);
    expect(await cleared('POST', '/auth/logout')).toEqual([401, null]);
    expect(await cleared('DELETE', `/sessions/${own.session.guid}`, own.access_token)).toEqual([204, '"cache"']);
    expect(await cleared('POST', '/auth/logout', await tokenOf())).toEqual([204, '"cache"']);
    expect(await cleared('DELETE', '/sessions', await tokenOf())).toEqual([200, '"cache"']);
  });

  it('says nothing of it by default', async () => {
    const app = await start({ adapter });
    const answer = await app.client.logout({ token: (await app.client.signIn()).access_token });
    expect([answer.status, answer.headers.get('clear-site-data')]).toEqual([204, null]);
  });
});
