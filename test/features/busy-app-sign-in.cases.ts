import { expect, vi } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { Browser, REFRESH, setCookiesOf } from '../support/browser.js';
import { CHROME } from '../support/client.js';
import { type BusyWorld, essence, PAGE, tokenResponse } from './busy-app-world.js';
import { BAD_CREDENTIALS, expectRefusal, NO_CREDENTIALS, START, UUID } from './http-contract.js';

/** A clause of the contract, held by one world. */
export type Cases = Readonly<Record<string, (world: BusyWorld) => Promise<void>>>;

const VIEW = {
  guid: expect.stringMatching(UUID) as string,
  current: true,
  name: 'Chrome on Windows',
  device: { type: 'desktop', browser: 'Chrome', os: 'Windows' },
  ip: expect.stringMatching(/127\.0\.0\.1$/) as string,
  createdAt: START,
  lastActiveAt: START,
  expiresAt: '2026-01-31T00:00:00.000Z',
};

/** What the contract says of sign-in, renewal and sign-out. */
export const SIGN_IN: Cases = {
  'POST /auth/login answers 200 with a token response, and drops members it does not know': async (world) => {
    const user = world.newUser();
    const body = { username: user, password: `${user}-password`, guid: 'mine', admin: true };
    const answer = await world.client.call('POST', '/auth/login', { body });
    expect(essence(answer)).toEqual({ status: 200, body: tokenResponse(VIEW), cacheControl: 'no-store' });
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  },

  'POST /auth/login answers 400 for a name that is a number, and converts nothing': async ({ client }) => {
    const answer = await client.call('POST', '/auth/login', { body: { username: 7, password: '7-password' } });
    expectRefusal(answer, 400, 'invalid_request');
    expect(answer.body).toMatchObject({ message: 'username must be a string' });
  },

  'POST /auth/login answers 400 for what is missing': async ({ client }) => {
    for (const body of [{}, undefined]) {
      const answer = await client.call('POST', '/auth/login', { body });
      expectRefusal(answer, 400, 'invalid_request');
      expect(answer.body).toMatchObject({ message: 'username is missing; password is missing' });
    }
  },

  'POST /auth/login answers 401 for a wrong password': async ({ client, refused }) => {
    const answer = await client.call('POST', '/auth/login', { body: { username: 'eve', password: 'guessed' } });
    expectRefusal(answer, 401, 'invalid_credentials');
    expect(answer.headers.get('www-authenticate')).toBe(NO_CREDENTIALS);
    expect(refused.at(-1)).toMatchObject({ reason: 'wrong_password' });
  },

  'POST /auth/login answers 503 with Retry-After if the app cannot check passwords': async ({ app, client }) => {
    const away = new Error('the users are away');
    vi.spyOn(app.users, 'validateCredentials').mockRejectedValueOnce(away);
    const answer = await client.login('ada');
    expectRefusal(answer, 503, 'unavailable');
    expect(answer.headers.get('retry-after')).toBe('1');
  },

  'POST /auth/login gives cookies to a browser, on the way of which each is renewed and cleared': async (world) => {
    const browser = new Browser(world.client, { 'sec-fetch-site': 'same-origin' });
    const user = world.newUser();
    const login = await browser.call<TokenPair>('POST', '/auth/login', {
      ...{ body: { username: user, password: `${user}-password` }, headers: { 'user-agent': CHROME } },
    });
    const { refresh_token, ...inBody } = tokenResponse(VIEW);
    expect(essence(login)).toEqual({ status: 200, body: inBody, cacheControl: 'no-store' });
    expect(setCookiesOf(login)).toMatchObject([{ name: REFRESH, value: refresh_token }]);
    const renewal = await browser.call('POST', '/auth/refresh');
    expect(essence(renewal)).toEqual({ status: 200, body: inBody, cacheControl: 'no-store' });
    const logout = await browser.call('POST', '/auth/logout');
    expect(essence(logout)).toEqual({ status: 204, body: '', cacheControl: 'no-store' });
    expect(setCookiesOf(logout)).toMatchObject([{ name: REFRESH, value: '', attributes: { 'max-age': '0' } }]);
  },

  'POST /auth/login answers 403 to a page of another site, and 200 to one that may': async (world) => {
    const user = world.newUser();
    const from = (origin: string) => world.client.login(user, { headers: { origin } });
    expectRefusal(await from('https://evil.example'), 403, 'cross_site');
    expect((await from(PAGE)).status).toBe(200);
  },

  'POST /auth/refresh answers 200 with the next generation of the same session': async (world) => {
    const { refresh_token, session } = await world.client.signIn(world.newUser());
    const answer = await world.client.refresh(refresh_token);
    expect(essence(answer)).toEqual({ status: 200, body: tokenResponse(session), cacheControl: 'no-store' });
    expect(answer.body.refresh_token).not.toBe(refresh_token);
  },

  'POST /auth/refresh answers 401 for garbage, and 400 without a token or for one that is a number': async (world) => {
    const garbage = await world.client.refresh('garbage');
    expectRefusal(garbage, 401, 'invalid_grant');
    expect(garbage.headers.get('www-authenticate')).toBe(NO_CREDENTIALS);
    const number = await world.client.call('POST', '/auth/refresh', { body: { refresh_token: 7 } });
    expectRefusal(number, 400, 'invalid_request');
    expect(number.body).toMatchObject({ message: 'refresh_token must be a string' });
  },

  'POST /auth/logout answers 204 for an access token and for a refresh token': async ({ client, newUser, refused }) => {
    const [first, second] = [await client.signIn(newUser()), await client.signIn(newUser())];
    const answers = [
      await client.logout({ token: first.access_token }),
      await client.logout({ body: { refresh_token: second.refresh_token } }),
    ];
    for (const answer of answers) expect(essence(answer)).toEqual({ status: 204, body: '', cacheControl: 'no-store' });
    for (const { refresh_token } of [first, second]) {
      expectRefusal(await client.refresh(refresh_token), 401, 'invalid_grant');
      expect(refused.at(-1)).toMatchObject({ reason: 'session_ended' });
    }
  },

  'POST /auth/logout answers 401 without a token, and for one that cannot be verified': async ({ client }) => {
    const without = await client.logout({});
    expectRefusal(without, 401, 'invalid_token');
    expect(without.headers.get('www-authenticate')).toBe(NO_CREDENTIALS);
    const garbage = await client.logout({ token: 'garbage' });
    expectRefusal(garbage, 401, 'invalid_token');
    expect(garbage.headers.get('www-authenticate')).toBe(BAD_CREDENTIALS);
  },

  'GET /.well-known/jwks.json answers 200 with the public keys, for five minutes': async ({ client }) => {
    const answer = await client.call('GET', '/.well-known/jwks.json');
    const key = { kty: 'EC', crv: 'P-256', kid: 'busy', alg: 'ES256', use: 'sig' };
    const coordinates = { x: expect.any(String) as string, y: expect.any(String) as string };
    const body = { keys: [{ ...key, ...coordinates }] };
    expect(essence(answer)).toEqual({ status: 200, body, cacheControl: 'public, max-age=300' });
  },
};
