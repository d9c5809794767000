import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TokenResponse } from 'nestjs-session-registry';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { ACCESS, Browser, REFRESH, setCookiesOf, watchRefusals } from '../support/browser.js';
import type { Answer, ErrorBody } from '../support/client.js';
import { rowOf } from '../support/inspect.js';

let app: TestApp;
let browser: Browser;
let reasons: string[];
const ATTRIBUTES = { httponly: true, secure: true, samesite: 'Strict', path: '/' };
const guidOf = ({ body }: Answer<{ session: { guid: string } }>) => body.session.guid;

function expectRefusal(answer: Answer, status: number, code: string, reason: string): void {
  expect([answer.status, (answer.body as ErrorBody).code, reasons.at(-1)]).toEqual([status, code, reason]);
  expect(answer.headers.getSetCookie()).toEqual([]);
}

afterEach(() => app.close());

describe.each(ADAPTERS)('transport cookie, the access token too (%s)', (adapter) => {
  beforeEach(async () => {
    app = await startApp({ adapter, options: { transport: 'cookie', cookies: { access: true, sameSite: 'lax' } } });
    browser = new Browser(app.client);
    reasons = watchRefusals(app);
  });

  const lax = (age: number) => ({ ...ATTRIBUTES, samesite: 'Lax', 'max-age': String(age) });

  it('has no token in any body, and is signed in by the cookies alone', async () => {
    for (const answer of [await browser.login(), await browser.refresh()]) {
      expect(setCookiesOf(answer)).toMatchObject([
        { name: REFRESH, attributes: lax(2_592_000) },
        { name: ACCESS, attributes: lax(300) },
      ]);
      expect(Object.keys(answer.body).sort()).toEqual([
        ...['expires_in', 'refresh_expires_in', 'session', 'token_type'],
      ]);
      for (const value of browser.jar.values()) expect(answer.text).not.toContain(value);
      expect((await browser.call('GET', '/profile')).body).toMatchObject({ guid: guidOf(answer) });
    }
    expect((await browser.call('GET', '/sessions')).status).toBe(200);
  });

  it('takes the access token from a header as well', async () => {
    await browser.login();
    expect((await app.client.profile(browser.jar.get(ACCESS) ?? '')).status).toBe(200);
    const authorization = 'Basic YWRhOmFkYQ==';
    expect((await browser.call('GET', '/profile', { headers: { authorization } })).status).toBe(200);
  });

  it('tells no cookie from a bad one, as with a header', async () => {
    const none = await browser.call('GET', '/profile');
    expectRefusal(none, 401, 'invalid_token', 'no_credentials');
    expect(none.headers.get('www-authenticate')).toBe('Bearer');
    const bad = await browser.call('GET', '/profile', { headers: { cookie: `${ACCESS}=garbage` } });
    expectRefusal(bad, 401, 'invalid_token', 'malformed_token');
    expect(bad.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  });

  it('clears both at a sign-out', async () => {
    for (const [method, path] of [
      ['POST', '/auth/logout'],
      ['DELETE', '/sessions'],
    ] as const) {
      await browser.login();
      expect(browser.jar.size).toBe(2);
      expect(setCookiesOf(await browser.call(method, path))).toEqual([
        { name: REFRESH, value: '', attributes: lax(0) },
        { name: ACCESS, value: '', attributes: lax(0) },
      ]);
      expect(browser.jar.size).toBe(0);
    }
  });

  it('signs out by the access cookie alone', async () => {
    const login = await browser.login();
    const cookie = `${ACCESS}=${browser.jar.get(ACCESS)}`;
    expect((await browser.call('POST', '/auth/logout', { headers: { cookie } })).status).toBe(204);
    expect(rowOf(app, guidOf(login)).endReason).toBe('signed_out');
  });
});

describe('the largest token there is', () => {
  it('fits a cookie with its name', async () => {
    let size = 0;
    const claims = () => ({ x: 'x'.repeat(size) });
    const issuer = 'i'.repeat(400);
    app = await startApp({ options: { transport: 'cookie', cookies: { access: true }, claims, issuer } });
    let [fits, tooLong] = [0, 4096];
    let largest: Answer<TokenResponse> | undefined;
    while (tooLong - fits > 1) {
      size = Math.floor((fits + tooLong) / 2);
      const answer = await app.client.call<TokenResponse>('POST', '/auth/login', {
        body: { username: 'ada', password: 'ada-password' },
      });
      if (answer.status === 200) [fits, largest] = [size, answer];
      else tooLong = size;
    }
    const bytes = largest ? setCookiesOf(largest).map(({ name, value }) => Buffer.byteLength(name + value)) : [];
    expect(bytes).toHaveLength(2);
    expect(Math.max(...bytes)).toBeLessThanOrEqual(4096);
    expect(Math.max(...bytes)).toBeGreaterThan(4000);
  });
});
