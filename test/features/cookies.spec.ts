import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { ACCESS, Browser, REFRESH, setCookiesOf, watchRefusals } from '../support/browser.js';
import { type Answer, claimsOf, type ErrorBody } from '../support/client.js';
import { MINUTE, SECOND } from '../support/times.js';
import { eventsNamed, rowOf, verdictOf } from '../support/inspect.js';
import { breakStore } from '../support/sqlite-file.js';

let app: TestApp;
let browser: Browser;
let reasons: string[];
const ATTRIBUTES = { httponly: true, secure: true, samesite: 'Strict', path: '/' };
const guidOf = ({ body }: Answer<{ session: { guid: string } }>) => body.session.guid;

function expectRefusal(answer: Answer, status: number, code: string, reason: string): void {
  expect([answer.status, (answer.body as ErrorBody).code, reasons.at(-1)]).toEqual([status, code, reason]);
  expect(answer.headers.getSetCookie()).toEqual([]);
}

/** The only refresh cookie of an answer. */
function refreshCookieOf(answer: Answer): string {
  const cookies = setCookiesOf(answer);
  expect(cookies.map(({ name }) => name)).toEqual([REFRESH]);
  return cookies[0]?.value ?? '';
}

afterEach(() => app.close());

describe.each(ADAPTERS)('transport cookie (%s)', (adapter) => {
  beforeEach(async () => {
    app = await startApp({ adapter, options: { transport: 'cookie' } });
    browser = new Browser(app.client);
    reasons = watchRefusals(app);
  });

  it('answers a sign-in with the refresh token in a cookie, and only there', async () => {
    const answer = await browser.login();
    const [cookie, ...more] = setCookiesOf(answer);
    expect(more).toEqual([]);
    expect(cookie).toEqual({
      name: REFRESH,
      value: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      attributes: { ...ATTRIBUTES, 'max-age': '2592000' },
    });
    expect(Object.keys(answer.body).sort()).toEqual([
      ...['access_token', 'expires_in', 'refresh_expires_in', 'session', 'token_type'],
    ]);
    expect(answer.text).not.toContain(cookie?.value);
    expect(await verdictOf(app.auth.refresh(cookie?.value ?? ''))).toBe('accepted');
    expect((await app.client.profile(answer.body.access_token ?? '')).status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('renews by the cookie: the session rotates, and the next cookie lives as long as its token', async () => {
    const login = await browser.login();
    const first = browser.jar.get(REFRESH) ?? '';
    app.clock.advance(2 * MINUTE);
    const answer = await browser.refresh();
    expect(answer.status).toBe(200);
    expect(answer.body).not.toHaveProperty('refresh_token');
    expect(setCookiesOf(answer)[0]?.attributes).toEqual({ ...ATTRIBUTES, 'max-age': String(2_592_000 - 120) });
    const { refTokID } = claimsOf(refreshCookieOf(answer));
    expect(refTokID).not.toBe(claimsOf(first).refTokID);
    expect(rowOf(app, guidOf(login)).refTokID).toBe(refTokID);
    expect((await app.client.profile(answer.body.access_token ?? '')).status).toBe(200);
    expect((await browser.refresh()).status).toBe(200);
  });

  it('takes no refresh token from a body, with the cookie or without', async () => {
    const login = await browser.login();
    const refresh_token = browser.jar.get(REFRESH);
    for (const from of [browser, new Browser(app.client)]) {
      for (const path of ['/auth/refresh', '/auth/logout']) {
        const answer = await from.call('POST', path, { body: { refresh_token } });
        expectRefusal(answer, 400, 'invalid_request', from === browser ? 'two_credentials' : 'malformed_request');
      }
    }
    expect(rowOf(app, guidOf(login))).toMatchObject({ predecessor: null, endedAt: null });
    expect((await browser.call('POST', '/auth/refresh', { body: { refresh_token: null } })).status).toBe(200);
  });

  it('answers a renewal without the cookie 401: who has none signs in', async () => {
    for (const call of [{}, { body: {} }, { headers: { cookie: `other=1; ${REFRESH}=` } }]) {
      const answer = await browser.call('POST', '/auth/refresh', call);
      expectRefusal(answer, 401, 'invalid_grant', 'no_credentials');
    }
    const typed = await browser.call('POST', '/auth/refresh', { body: { refresh_token: 7 } });
    expectRefusal(typed, 400, 'invalid_request', 'malformed_request');
  });

  it('finds its cookie among others, and believes no name that only looks like it', async () => {
    await browser.login();
    const token = browser.jar.get(REFRESH) ?? '';
    const renew = (cookie: string) => app.client.call('POST', '/auth/refresh', { headers: { cookie } });
    const names = [
      `x${REFRESH}`,
      `${REFRESH}x`,
      REFRESH.toLowerCase(),
      'refresh_token',
      `"${REFRESH}"`,
      `\u00a0${REFRESH}`,
    ];
    for (const name of names) {
      expectRefusal(await renew(`${name}=${token}`), 401, 'invalid_grant', 'no_credentials');
    }
    expectRefusal(await renew(`${REFRESH}=garbage`), 401, 'invalid_grant', 'malformed_token');
    expectRefusal(await renew(`${REFRESH}=%65${token.slice(1)}`), 401, 'invalid_grant', 'malformed_token');
    expect((await renew(`a=1; theme="x;y"; ${REFRESH}=${token}; z=x${REFRESH}=2`)).status).toBe(200);
  });

  it('keeps a jar valid whose tabs renew at once, whichever answer comes last', async () => {
    for (const order of [1, -1]) {
      const tabs = new Browser(app.client);
      const login = await tabs.login();
      const stale = tabs.cookie;
      const send = () => app.client.call('POST', '/auth/refresh', { headers: { ...tabs.says, cookie: stale } });
      const answers = await Promise.all([send(), send(), send()]);
      for (const answer of answers) expect(answer.status).toBe(200);
      expect(new Set(answers.map((answer) => claimsOf(refreshCookieOf(answer)).refTokID)).size).toBe(1);
      for (const answer of order === 1 ? answers : answers.reverse()) tabs.take(answer);
      app.clock.advance(MINUTE);
      expect((await tabs.refresh()).status).toBe(200);
      expect(rowOf(app, guidOf(login)).endedAt).toBeNull();
    }
  });

  it('clears nothing when a renewal fails: the jar may hold the cookie of the tab that won', async () => {
    const login = await browser.login();
    const late = browser.cookie;
    await browser.refresh();
    await browser.refresh();
    const won = browser.cookie;
    app.clock.advance(11 * SECOND);
    const answer = await browser.call('POST', '/auth/refresh', { headers: { cookie: late } });
    expectRefusal(answer, 401, 'invalid_grant', 'reuse_detected');
    expect(browser.cookie).toBe(won);
    expect(rowOf(app, guidOf(login)).endReason).toBe('reuse_detected');
    expectRefusal(await browser.refresh(), 401, 'invalid_grant', 'session_ended');
    expect(browser.cookie).toBe(won);
  });
});

describe.each(ADAPTERS)('transport cookie, and what is no cookie of it (%s)', (adapter) => {
  beforeEach(async () => {
    app = await startApp({ adapter, options: { transport: 'cookie' } });
    browser = new Browser(app.client);
    reasons = watchRefusals(app);
  });

  it('sets and clears nothing when the store fails', async () => {
    const { body } = await browser.login();
    const token = body.access_token ?? '';
    breakStore(app.file);
    const answers = [
      await browser.login(),
      await browser.refresh(),
      await browser.call('POST', '/auth/logout'),
      await browser.call('POST', '/auth/logout', { token }),
      await browser.call('DELETE', '/sessions', { token }),
      await browser.call('DELETE', `/sessions/${body.session.guid}`, { token }),
    ];
    for (const answer of answers) expectRefusal(answer, 503, 'unavailable', 'store_failed');
    expect(browser.jar.has(REFRESH)).toBe(true);
  });

  it('reads no token from a URL or from another member of the body', async () => {
    const { body } = await browser.login();
    const refresh_token = browser.jar.get(REFRESH) ?? '';
    const query = `?access_token=${body.access_token}&refresh_token=${refresh_token}&${REFRESH}=${refresh_token}`;
    const call = (method: string, path: string) => app.client.call(method, path + query);
    expectRefusal(await call('POST', '/auth/refresh'), 401, 'invalid_grant', 'no_credentials');
    expectRefusal(await call('POST', '/auth/logout'), 401, 'invalid_token', 'no_credentials');
    expectRefusal(await call('GET', '/profile'), 401, 'invalid_token', 'no_credentials');
    expectRefusal(await call('GET', '/sessions'), 401, 'invalid_token', 'no_credentials');
    const member = await app.client.logout({ body: { access_token: body.access_token } });
    expectRefusal(member, 401, 'invalid_token', 'no_credentials');
    expect((await browser.refresh()).status).toBe(200);
  });

  it('reads no access token from a cookie, unless it is asked to set it', async () => {
    const { body } = await browser.login();
    const cookie = `${ACCESS}=${body.access_token}; access_token=${body.access_token}`;
    const answer = await app.client.call('GET', '/profile', { headers: { cookie } });
    expectRefusal(answer, 401, 'invalid_token', 'no_credentials');
  });
});

describe.each(ADAPTERS)('a sign-in with transport cookie (%s)', (adapter) => {
  beforeEach(async () => {
    app = await startApp({ adapter, options: { transport: 'cookie' } });
    browser = new Browser(app.client);
    reasons = watchRefusals(app);
  });

  it('sets nothing when the password is wrong', async () => {
    const body = { username: 'ada', password: 'wrong' };
    expectRefusal(await browser.call('POST', '/auth/login', { body }), 401, 'invalid_credentials', 'wrong_password');
  });

  it('replaces the session of the device that signs in again, said by its cookie', async () => {
    const [first, other] = [await browser.login(), await new Browser(app.client).login()];
    const second = await browser.login();
    expect(rowOf(app, guidOf(first)).endReason).toBe('replaced');
    for (const login of [second, other]) expect(rowOf(app, guidOf(login)).endedAt).toBeNull();
    expect(eventsNamed(app, 'revoked')).toMatchObject([{ guid: guidOf(first), reason: 'replaced', count: 1 }]);
    expect((await browser.refresh()).status).toBe(200);
  });

  it('replaces by the cookie rather than by a bearer token beside it, and no session of another user', async () => {
    const [byToken, byCookie] = [await new Browser(app.client).login(), await browser.login()];
    const authorization = `Bearer ${byToken.body.access_token}`;
    await browser.login('ada', { authorization });
    expect(rowOf(app, guidOf(byCookie)).endReason).toBe('replaced');
    expect(rowOf(app, guidOf(byToken)).endedAt).toBeNull();
    const adas = browser.jar.get(REFRESH) ?? '';
    await browser.login('bob');
    expect(await verdictOf(app.auth.refresh(adas))).toBe('accepted');
    await browser.login('ada', { authorization });
    expect(rowOf(app, guidOf(byToken)).endReason).toBe('replaced');
  });

  it('does not keep a browser with an unreadable cookie from signing in', async () => {
    for (const cookie of [`${REFRESH}=garbage`, `${REFRESH}=one; ${REFRESH}=two`]) {
      expect((await browser.login('ada', { cookie })).status).toBe(200);
    }
  });
});
