import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JwtSessionStrategy } from 'nestjs-session-registry/passport';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { Browser, sendRaw, watchRefusals } from '../support/browser.js';
import type { Answer, ErrorBody } from '../support/client.js';
import { rowOf, rowsOf } from '../support/inspect.js';
import { NotesController, PassportNotesController } from '../support/notes.js';

const ALLOWED = 'https://app.example.com';

let app: TestApp;
let reasons: string[];

/** What a browser says of where a request comes from; HOST is the app's own. */
type Words = Record<string, string>;
const PASSES: [string, Words][] = [
  ['nothing, as who is no browser', {}],
  ['same-origin', { 'sec-fetch-site': 'same-origin' }],
  ['the user alone', { 'sec-fetch-site': 'none' }],
  ['same-origin, whatever the Origin', { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }],
  ['cross-site, from an origin allowed', { 'sec-fetch-site': 'cross-site', origin: ALLOWED }],
  ['same-site, from an origin allowed', { 'sec-fetch-site': 'same-site', origin: ALLOWED }],
  ['its own origin', { origin: 'http://HOST' }],
  ['its own origin over HTTPS', { origin: 'https://HOST' }],
  ['an origin allowed', { origin: ALLOWED }],
];
const REFUSED: [string, Words][] = [
  ['cross-site', { 'sec-fetch-site': 'cross-site' }],
  ['same-site: another host', { 'sec-fetch-site': 'same-site' }],
  ['cross-site, whatever the Origin', { 'sec-fetch-site': 'cross-site', origin: 'http://HOST' }],
  ['cross-site, from an origin not allowed', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
  ['a word nobody knows', { 'sec-fetch-site': 'same-origin, same-origin' }],
  ['a word in capitals', { 'sec-fetch-site': 'Same-Origin' }],
  ['another origin', { origin: 'https://evil.example' }],
  ['no origin it would name', { origin: 'null' }],
  ['what is not a valid origin', { origin: 'HOST' }],
  ['an origin that begins like its own', { origin: 'http://HOST.evil.example' }],
  ['its own host on another port', { origin: 'http://127.0.0.1:1' }],
  ['an allowed origin over HTTP', { origin: ALLOWED.replace('https', 'http') }],
  ['an allowed origin on another port', { origin: `${ALLOWED}:8443` }],
  ['what begins like an allowed origin', { origin: `${ALLOWED}.evil.example` }],
];

const words = (of: Words): Words => {
  const { host } = new URL(app.client.baseUrl);
  return Object.fromEntries(Object.entries(of).map(([name, value]) => [name, value.replace('HOST', host)]));
};
const CHANGES: [string, string, number][] = [
  ['POST', '/notes', 201],
  ['POST', '/passport/notes', 201],
  ['POST', '/auth/refresh', 200],
  ['POST', '/auth/logout', 204],
  ['DELETE', '/sessions', 200],
];

/** A browser that is signed in. */
async function signedIn(): Promise<{ browser: Browser; guid: string; token: string }> {
  const browser = new Browser(app.client);
  const { body } = await browser.login();
  return { browser, guid: body.session.guid, token: browser.jar.get('__Host-access_token') ?? '' };
}

function expectCrossSite(answer: Answer): void {
  const { statusCode, error, code, message } = answer.body as ErrorBody;
  expect([answer.status, statusCode, error, code]).toEqual([403, 403, 'Forbidden', 'cross_site']);
  expect(message).toMatch(/origin/);
  expect(reasons.at(-1)).toBe('cross_site_request');
  expect(answer.headers.getSetCookie()).toEqual([]);
  expect(answer.headers.get('cache-control')).toBe('no-store');
}

describe.each(ADAPTERS)('where a request with cookies comes from (%s)', (adapter) => {
  beforeAll(async () => {
    const options = { transport: 'cookie', cookies: { access: true, origins: [ALLOWED] } } as const;
    const controllers = [NotesController, PassportNotesController];
    app = await startApp({ adapter, options, controllers, providers: [JwtSessionStrategy] });
    reasons = watchRefusals(app);
  });
  afterAll(() => app.close());

  /** A change by a browser that is signed in and says this. */
  const change = (method: string, path: string, said: Words, { cookie }: Browser) =>
    app.client.call(method, path, { headers: { ...words(said), cookie } });

  it.each(PASSES)('lets a change through that says: %s', async (_, said) => {
    for (const [method, path, status] of CHANGES) {
      const { browser } = await signedIn();
      const answer = await change(method, path, said, browser);
      expect([method, path, answer.status]).toEqual([method, path, status]);
    }
  });

  it.each(REFUSED)('refuses a change that says: %s, and nothing is changed', async (_, said) => {
    const { browser, guid } = await signedIn();
    const row = rowOf(app, guid);
    for (const [method, path] of CHANGES) expectCrossSite(await change(method, path, said, browser));
    expect(rowOf(app, guid)).toEqual(row);
    expect((await browser.refresh()).status).toBe(200);
  });

  it.each(REFUSED)('refuses a sign-in that says: %s, before it looks at the password', async (_, said) => {
    const rows = rowsOf(app, 'id-of-eve').length;
    let checks = 0;
    app.users.onCheck = () => {
      checks += 1;
    };
    expectCrossSite(await app.client.login('eve', { headers: words(said) }));
    expect([checks, rowsOf(app, 'id-of-eve').length]).toEqual([0, rows]);
  });

  it.each(PASSES)('lets a sign-in through that says: %s', async (_, said) => {
    const answer = await app.client.login('ada', { headers: words(said) });
    expect(answer.status).toBe(200);
    expect(answer.headers.getSetCookie()).toHaveLength(2);
  });

  it.each(REFUSED)('lets a bearer header through that says: %s', async (_, said) => {
    for (const path of ['/notes', '/passport/notes']) {
      const { token } = await signedIn();
      expect((await app.client.call('POST', path, { token, headers: words(said) })).status).toBe(201);
    }
    const { token } = await signedIn();
    expect((await app.client.logout({ token, headers: words(said) })).status).toBe(204);
  });

  it.each(REFUSED)('lets a reading through that says: %s', async (_, said) => {
    const { browser } = await signedIn();
    for (const [method, path] of [
      ['GET', '/notes'],
      ['HEAD', '/notes'],
      ['GET', '/passport/notes'],
      ['GET', '/sessions'],
    ] as const)
      expect((await change(method, path, said, browser)).status).toBe(200);
  });

  it.each([
    ['another name than the Origin', 'app.example', 'https://evil.example', false],
    ['the name of the Origin', 'shop.example', 'https://shop.example', true],
    ['the name and the port of the Origin', 'shop.example:8443', 'https://shop.example:8443', true],
    ['another port than the Origin', 'shop.example', 'https://shop.example:8443', false],
  ])('takes for its own host what the Host header says: %s', async (_, host, origin, passes) => {
    const { browser } = await signedIn();
    const headers = ['Host', host, 'Origin', origin, 'Cookie', browser.cookie];
    const answer = await sendRaw(app, 'POST', '/notes', headers);
    if (passes) expect(answer.status).toBe(201);
    else expectCrossSite(answer);
  });

  it('is asked of the other methods that change something as well', async () => {
    const { browser, guid } = await signedIn();
    const said = { 'sec-fetch-site': 'cross-site' };
    for (const [method, path] of [
      ['PATCH', `/sessions/${guid}`],
      ['DELETE', `/sessions/${guid}`],
      ['DELETE', '/sessions?except=current'],
    ] as const)
      expectCrossSite(await change(method, path, said, browser));
    expect((await change('DELETE', `/sessions/${guid}`, {}, browser)).status).toBe(204);
  });

  it('is asked of a sign-out whose bearer token has a cookie beside it', async () => {
    const { guid, token } = await signedIn();
    const other = await signedIn();
    const call = {
      token,
      headers: { 'sec-fetch-site': 'cross-site', cookie: other.browser.cookie.split(';')[0] ?? '' },
    };
    expectCrossSite(await app.client.logout(call));
    for (const one of [guid, other.guid]) expect(rowOf(app, one).endedAt).toBeNull();
    const answer = await app.client.logout({ ...call, headers: { ...call.headers, 'sec-fetch-site': 'same-origin' } });
    expect(answer.status).toBe(204);
  });

  it('does not count if a guard lets everybody in', async () => {
    const { browser } = await signedIn();
    const headers = { 'sec-fetch-site': 'cross-site', cookie: browser.cookie };
    expect((await app.client.call('GET', '/open', { headers })).status).toBe(200);
  });
});
