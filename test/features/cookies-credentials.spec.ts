import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { JwtSessionStrategy } from 'nestjs-session-registry/passport';
import { ADAPTERS, startApp, type TestApp, type TestAppOptions } from '../support/app.js';
import { ACCESS, REFRESH, sendRaw, watchRefusals } from '../support/browser.js';
import type { Answer, ErrorBody } from '../support/client.js';
import { rowOf, verdictOf } from '../support/inspect.js';
import { NotesController, PassportNotesController } from '../support/notes.js';

let app: TestApp;
let reasons: string[];

function expectTwo(answer: Answer): void {
  const seen = [answer.status, (answer.body as ErrorBody).code, reasons.at(-1)];
  expect(seen).toEqual([400, 'invalid_request', 'two_credentials']);
  expect((answer.body as ErrorBody).message).toMatch(/^there are two |in a cookie$/);
  expect(answer.headers.getSetCookie()).toEqual([]);
}

const GUARDED = [
  ['GET', '/notes'],
  ['POST', '/notes'],
  ['GET', '/passport/notes'],
  ['POST', '/passport/notes'],
  ['GET', '/sessions'],
  ['DELETE', '/sessions'],
] as const;

afterEach(() => app.close());

describe.each(ADAPTERS)('two credentials at once (%s)', (adapter) => {
  let pair: TokenPair;

  async function start(options: TestAppOptions['options']): Promise<void> {
    app = await startApp({
      adapter,
      options,
      controllers: [NotesController, PassportNotesController],
      providers: [JwtSessionStrategy],
    } as TestAppOptions);
    reasons = watchRefusals(app);
    pair = await app.auth.login('id-of-ada');
  }

  /** Nothing happened to the session, and one of the credentials alone is enough. */
  async function expectLive(): Promise<void> {
    expect(rowOf(app, pair.session.guid)).toMatchObject({ endedAt: null, predecessor: null });
    expect((await app.client.profile(pair.access_token)).status).toBe(200);
  }

  it.each(['bearer', 'cookie', 'both'] as const)(
    'are two Authorization headers, with transport %s',
    async (transport) => {
      await start({ transport });
      const good = `Bearer ${pair.access_token}`;
      for (const [method, path] of [...GUARDED, ['POST', '/auth/logout'] as const]) {
        for (const [name, other] of [
          ['Authorization', good],
          ['authorization', 'Bearer garbage'],
          ['AUTHORIZATION', 'Basic YWRhOmFkYQ=='],
        ] as const) {
          expectTwo(await sendRaw(app, method, path, ['Authorization', good, name, other]));
          expectTwo(await sendRaw(app, method, path, [name, other, 'Authorization', good]));
        }
      }
      await expectLive();
      const one = ['Authorization', good, 'X-Authorized-', good, 'Proxy-Authorization', good];
      expect((await sendRaw(app, 'GET', '/notes', one)).status).toBe(200);
      expect((await sendRaw(app, 'POST', '/auth/logout', one)).status).toBe(204);
    },
  );

  it.each(['cookie', 'both'] as const)(
    'are an access token in the header and in the cookie (%s)',
    async (transport) => {
      await start({ transport, cookies: { access: true } });
      const headers = { cookie: `${ACCESS}=${pair.access_token}` };
      for (const [method, path] of [...GUARDED, ['POST', '/auth/logout'] as const]) {
        expectTwo(await app.client.call(method, path, { token: pair.access_token, headers }));
        expectTwo(await app.client.call(method, path, { token: 'garbage', headers }));
      }
      await expectLive();
      for (const call of [{ headers }, { token: pair.access_token }])
        expect((await app.client.call('GET', '/notes', call)).status).toBe(200);
    },
  );

  it('are not a bearer token and a refresh cookie: a browser sends that by itself', async () => {
    await start({ transport: 'cookie' });
    const headers = { cookie: `${REFRESH}=${pair.refresh_token}; ${ACCESS}=${pair.access_token}` };
    for (const [method, path] of GUARDED) {
      const { status } = await app.client.call(method, path, { token: pair.access_token, headers });
      expect([200, 201]).toContain(status);
    }
    const next = await app.auth.login('id-of-ada');
    const cookie = `${REFRESH}=${next.refresh_token}`;
    const out = await app.client.logout({ token: next.access_token, headers: { cookie } });
    expect(out.status).toBe(204);
  });

  it('are two cookies of one name', async () => {
    await start({ transport: 'cookie', cookies: { access: true } });
    const refresh = `${REFRESH}=${pair.refresh_token}`;
    const access = `${ACCESS}=${pair.access_token}`;
    for (const cookie of [`${refresh}; ${refresh}`, `${REFRESH}=x; a=1; ${refresh}`, `${refresh};${REFRESH}=`]) {
      expectTwo(await app.client.call('POST', '/auth/refresh', { headers: { cookie } }));
      expectTwo(await app.client.call('POST', '/auth/logout', { headers: { cookie } }));
    }
    for (const [method, path] of [...GUARDED, ['POST', '/auth/logout'] as const]) {
      expectTwo(await app.client.call(method, path, { headers: { cookie: `${access}; ${ACCESS}=x` } }));
      expectTwo(await sendRaw(app, method, path, ['Cookie', access, 'Cookie', access]));
    }
    await expectLive();
    const once = `x${REFRESH}=1; ${refresh}; y=${REFRESH}=2; ${access}`;
    expect((await app.client.call('GET', '/notes', { headers: { cookie: once } })).status).toBe(200);
    expect((await app.client.call('POST', '/auth/refresh', { headers: { cookie: once } })).status).toBe(200);
  });

  it('are a refresh token in the body and in the cookie', async () => {
    await start({ transport: 'both' });
    const headers = { cookie: `${REFRESH}=${pair.refresh_token}` };
    const body = { refresh_token: pair.refresh_token };
    for (const path of ['/auth/refresh', '/auth/logout'])
      expectTwo(await app.client.call('POST', path, { body, headers }));
    await expectLive();
    expect((await app.client.call('POST', '/auth/refresh', { body })).status).toBe(200);
    expect((await app.client.call('POST', '/auth/logout', { headers })).status).toBe(204);
  });

  it.each(['bearer', 'both'] as const)(
    'are an access token and a refresh token in the body, at sign-out (%s)',
    async (transport) => {
      await start({ transport });
      const body = { refresh_token: pair.refresh_token };
      expectTwo(await app.client.logout({ token: pair.access_token, body }));
      await expectLive();
      expect((await app.client.logout({ body })).status).toBe(204);
    },
  );

  it('are an access cookie and a refresh token in the body, at sign-out', async () => {
    await start({ transport: 'both', cookies: { access: true } });
    const headers = { cookie: `${ACCESS}=${pair.access_token}` };
    expectTwo(await app.client.logout({ headers, body: { refresh_token: pair.refresh_token } }));
    await expectLive();
    expect((await app.client.logout({ headers })).status).toBe(204);
  });
});

describe.each(ADAPTERS)('transport bearer and a browser with cookies (%s)', (adapter) => {
  beforeEach(async () => {
    app = await startApp({ adapter, controllers: [NotesController] });
    reasons = watchRefusals(app);
  });

  it('neither sets nor reads them', async () => {
    const said = { 'sec-fetch-site': 'same-origin', origin: app.client.baseUrl };
    const pair = await app.client.signIn('ada', { headers: said });
    const cookie = `${REFRESH}=${pair.refresh_token}; ${ACCESS}=${pair.access_token}`;
    const call = (method: string, path: string, more = {}) =>
      app.client.call(method, path, { ...more, headers: { ...said, cookie } });
    const refused = [
      [await call('GET', '/notes'), 401, 'invalid_token'],
      [await call('POST', '/auth/refresh'), 400, 'invalid_request'],
      [await call('POST', '/auth/logout'), 401, 'invalid_token'],
    ] as const;
    for (const [answer, status, code] of refused)
      expect([answer.status, (answer.body as ErrorBody).code]).toEqual([status, code]);
    const again = await app.client.signIn('ada', { headers: { ...said, cookie } });
    expect(await verdictOf(app.auth.authenticate(pair.access_token))).toBe('accepted');
    const body = { refresh_token: again.refresh_token };
    const answers = [
      await call('POST', '/auth/refresh', { body }),
      await call('DELETE', `/sessions/${again.session.guid}`, { token: again.access_token }),
      await call('DELETE', '/sessions', { token: pair.access_token }),
      await call('POST', '/auth/logout', { token: pair.access_token }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 204, 200, 204]);
    for (const answer of answers) expect(answer.headers.getSetCookie()).toEqual([]);
    expect(answers[0]?.body).toMatchObject({ refresh_token: expect.any(String) });
  });

  it('lets every origin sign in, and use its token', async () => {
    for (const site of ['cross-site', 'same-site', 'none']) {
      const headers = { 'sec-fetch-site': site, origin: 'https://evil.example', cookie: `${REFRESH}=a; ${REFRESH}=b` };
      const { access_token: token, refresh_token } = await app.client.signIn('ada', { headers });
      expect((await app.client.call('POST', '/notes', { token, headers })).status).toBe(201);
      expect((await app.client.call('POST', '/auth/refresh', { body: { refresh_token }, headers })).status).toBe(200);
      expect((await app.client.logout({ token, headers })).status).toBe(204);
    }
  });
});
