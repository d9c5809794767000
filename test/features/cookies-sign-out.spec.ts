import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { Browser, REFRESH, setCookiesOf, watchRefusals } from '../support/browser.js';
import type { Answer, ErrorBody } from '../support/client.js';
import { DAY } from '../support/times.js';
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

describe.each(ADAPTERS)('a sign-out with transport cookie (%s)', (adapter) => {
  beforeEach(async () => {
    app = await startApp({ adapter, options: { transport: 'cookie' } });
    browser = new Browser(app.client);
    reasons = watchRefusals(app);
  });

  it('clears the cookie at a sign-out, by a line that is alike in all else', async () => {
    const login = await browser.login();
    const answer = await browser.call('POST', '/auth/logout');
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(setCookiesOf(answer)).toEqual([{ name: REFRESH, value: '', attributes: { ...ATTRIBUTES, 'max-age': '0' } }]);
    expect(rowOf(app, guidOf(login)).endReason).toBe('signed_out');
    expect(browser.jar.size).toBe(0);
    expectRefusal(await browser.call('POST', '/auth/logout'), 401, 'invalid_token', 'no_credentials');
  });

  it('signs out by a cookie past the exp of its token', async () => {
    const login = await browser.login();
    app.clock.advance(31 * DAY);
    expectRefusal(await browser.refresh(), 401, 'invalid_grant', 'token_expired');
    expect((await browser.call('POST', '/auth/logout')).status).toBe(204);
    expect(guidOf(login)).toBe(rowOf(app, guidOf(login)).guid);
    expect(browser.jar.size).toBe(0);
  });

  it('signs out both sessions if the bearer token and the cookie belong to two', async () => {
    const [one, two] = [await new Browser(app.client).login(), await browser.login()];
    const answer = await browser.call('POST', '/auth/logout', { token: one.body.access_token ?? '' });
    expect(answer.status).toBe(204);
    for (const login of [one, two]) expect(rowOf(app, guidOf(login)).endReason).toBe('signed_out');
    expect(browser.jar.size).toBe(0);
  });

  it('clears nothing when a sign-out is refused', async () => {
    const login = await browser.login();
    const forged = { headers: { cookie: `${REFRESH}=${(browser.jar.get(REFRESH) ?? '').slice(0, -9)}AAAAAAAAA` } };
    expectRefusal(await browser.call('POST', '/auth/logout', forged), 401, 'invalid_token', 'bad_signature');
    const garbage = await browser.call('POST', '/auth/logout', { token: 'garbage' });
    expectRefusal(garbage, 401, 'invalid_token', 'malformed_token');
    expect(rowOf(app, guidOf(login)).endedAt).toBeNull();
    expect((await browser.refresh()).status).toBe(200);
  });

  it('clears the cookie with all sessions and with the own one, and with no other', async () => {
    const other = await new Browser(app.client).login();
    const remove = async (path: string) => {
      const { body } = await browser.login();
      return browser.call('DELETE', path.replace('own', body.session.guid), { token: body.access_token ?? '' });
    };
    for (const path of ['/sessions/own', '/sessions']) {
      const answer = await remove(path);
      expect([200, 204]).toContain(answer.status);
      expect(setCookiesOf(answer)).toEqual([
        { name: REFRESH, value: '', attributes: { ...ATTRIBUTES, 'max-age': '0' } },
      ]);
    }
    const paths = [`/sessions/${guidOf(other)}`, '/sessions?except=current', '/sessions/none', '/sessions?x=1'];
    const statuses = [204, 200, 404, 400];
    for (const [index, path] of paths.entries()) {
      const answer = await remove(path);
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([statuses[index], []]);
    }
  });
});
