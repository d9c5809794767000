import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { ACCESS, Browser, REFRESH, setCookiesOf, watchRefusals } from '../support/browser.js';
import type { ErrorBody } from '../support/client.js';

let app: TestApp;
let reasons: string[];

afterEach(() => app.close());

describe.each(ADAPTERS)('transport both (%s)', (adapter) => {
  beforeEach(async () => {
    app = await startApp({ adapter, options: { transport: 'both', cookies: { access: true } } });
    reasons = watchRefusals(app);
  });

  it.each(['Sec-Fetch-Site', 'Origin'])('gives cookies to a browser, known by its %s', async (header) => {
    const said = header === 'Origin' ? new URL(app.client.baseUrl).origin : 'same-origin';
    const browser = new Browser(app.client, { [header]: said });
    const login = await browser.login();
    expect([...browser.jar.keys()]).toEqual([REFRESH, ACCESS]);
    const renewal = await browser.refresh();
    expect(setCookiesOf(renewal)).toHaveLength(2);
    for (const { body } of [login, renewal]) {
      expect(body).not.toHaveProperty('refresh_token');
      expect(body).not.toHaveProperty('access_token');
    }
    expect((await browser.call('GET', '/profile')).status).toBe(200);
    expect((await browser.call('POST', '/auth/logout')).status).toBe(204);
    expect(browser.jar.size).toBe(0);
  });

  it('gives bodies to clients other than browsers', async () => {
    const login = await app.client.login('ada');
    const renewal = await app.client.refresh(login.body.refresh_token);
    for (const answer of [login, renewal]) {
      expect(answer.body).toMatchObject({ access_token: expect.any(String), refresh_token: expect.any(String) });
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    expect((await app.client.profile(renewal.body.access_token)).status).toBe(200);
    expect((await app.client.logout({ body: { refresh_token: renewal.body.refresh_token } })).status).toBe(204);
  });

  it('answers a renewal the way its token came', async () => {
    const pair = await app.client.signIn();
    const said = { 'sec-fetch-site': 'same-origin' };
    const inBody = await app.client.call<TokenPair>('POST', '/auth/refresh', {
      ...{ body: { refresh_token: pair.refresh_token }, headers: said },
    });
    expect(inBody.body.refresh_token).toEqual(expect.any(String));
    expect(inBody.headers.getSetCookie()).toEqual([]);
    const cookie = `${REFRESH}=${inBody.body.refresh_token}`;
    const inCookie = await app.client.call('POST', '/auth/refresh', { headers: { cookie } });
    expect(inCookie.body).not.toHaveProperty('refresh_token');
    expect(setCookiesOf(inCookie).map(({ name }) => name)).toEqual([REFRESH, ACCESS]);
  });

  it('refuses the sign-in of a browser from another site', async () => {
    const said: Record<string, string>[] = [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }];
    for (const headers of said) {
      const answer = await app.client.call<ErrorBody>('POST', '/auth/login', {
        body: { username: 'ada', password: 'ada-password' },
        headers,
      });
      expect([answer.status, answer.body.code, reasons.at(-1)]).toEqual([403, 'cross_site', 'cross_site_request']);
    }
    expect((await app.client.login('ada')).status).toBe(200);
  });

  it('asks for a sign-in if a renewal brings no token', async () => {
    const answer = await app.client.call<ErrorBody>('POST', '/auth/refresh');
    expect([answer.status, answer.body.code, reasons.at(-1)]).toEqual([401, 'invalid_grant', 'no_credentials']);
  });
});
