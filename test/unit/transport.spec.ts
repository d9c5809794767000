import { describe, expect, it } from 'vitest';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { cookieOf } from '../../src/auth/cookies.js';
import { appendCookie } from '../../src/http/transport/append-cookie.js';
import { headerTokenOf } from '../../src/http/transport/credentials.js';
import { isCrossSite, isFromBrowser, isToLocalhost, mayChange } from '../../src/http/transport/cross-site.js';
import { cookieNames } from '../../src/options/cookie-names.js';
import { clearCookie, cookiesInUse, setCookie } from '../../src/http/transport/set-cookie.js';
import { verdictOf } from '../support/inspect.js';

const withCookie = (cookie: string | string[] | undefined) => ({ headers: { cookie } });

const form = (sameSite: 'strict' | 'lax', prefix = '', secure = true) => ({
  ...{ names: cookieNames(prefix, secure), secure, sameSite },
});

describe('a Set-Cookie line', () => {
  it('says all it has to, and nothing of a domain', () => {
    expect(setCookie('refresh', 'a.b-_.c', 60, form('strict'))).toBe(
      '__Host-refresh_token=a.b-_.c; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Strict',
    );
    expect(setCookie('access', 'a.b.c', 1, form('lax'))).toBe(
      '__Host-access_token=a.b.c; Max-Age=1; Path=/; HttpOnly; Secure; SameSite=Lax',
    );
  });

  it('that clears is alike but for the value and the life', () => {
    expect(clearCookie('refresh', form('lax'))).toBe(
      '__Host-refresh_token=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax',
    );
  });

  it('has a name of the app with its prefix, after the one that binds it to its host', () => {
    expect(setCookie('refresh', 'a.b.c', 60, form('strict', 'shop_'))).toBe(
      '__Host-shop_refresh_token=a.b.c; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Strict',
    );
  });

  it('of the development mode is what Safari takes over plain HTTP', () => {
    expect(setCookie('access', 'a.b.c', 60, form('strict', '', false))).toBe(
      'access_token=a.b.c; Max-Age=60; Path=/; HttpOnly; SameSite=Strict',
    );
  });

  it('is for the refresh token, and for the access token if asked', () => {
    expect(cookiesInUse({ kind: 'bearer', access: true })).toEqual([]);
    expect(cookiesInUse({ kind: 'cookie', access: false })).toEqual(['refresh']);
    expect(cookiesInUse({ kind: 'both', access: true })).toEqual(['refresh', 'access']);
  });
});

describe('a cookie added to a response', () => {
  /** As Fastify under Nest 11: the first line it is given hides those on the response beneath. */
  const forgetful = (beneath: string[] | string | undefined) => {
    const own: string[] = [];
    const adapter = {
      getHeader: () => (own.length > 0 ? own : beneath),
      appendHeader: (_response: unknown, _name: string, line: string) => own.push(line),
    };
    return { own, adapter: adapter as unknown as AbstractHttpAdapter };
  };

  it.each([
    [undefined, ['a', 'b']],
    ['theme', ['a', 'theme', 'b']],
    [
      ['theme', 'seen'],
      ['a', 'theme', 'seen', 'b'],
    ],
  ])('stands beside %j', (beneath, expected) => {
    const { own, adapter } = forgetful(beneath);
    for (const line of ['a', 'b']) appendCookie(adapter, {}, line);
    expect(own).toEqual(expected);
  });
});

describe('the token in a cookie', () => {
  it.each([
    ['__Host-refresh_token=t', 't'],
    ['a=1; __Host-refresh_token=t; b=2', 't'],
    ['a=1;__Host-refresh_token=t;', 't'],
    [' \t__Host-refresh_token = t ', 't'],
    ['__Host-refresh_token=t=u', 't=u'],
    ['__Host-refresh_token="t"', '"t"'],
    ['__Host-refresh_token=%74', '%74'],
    ['__Host-access_token=a; __Host-refresh_token=t', 't'],
  ])('of %j is %j', (header, token) => {
    expect(cookieOf(withCookie(header), '__Host-refresh_token')).toBe(token);
  });

  it.each([
    ...[
      '',
      ';',
      '=',
      '__Host-refresh_token',
      '__Host-refresh_token=',
      '__Host-refresh_token= ',
      'a=__Host-refresh_token',
    ],
    ...['__host-refresh_token=t', '__Host-refresh_token2=t', '\u00a0__Host-refresh_token=t', '=__Host-refresh_token=t'],
    ...[
      '$__Host-refresh_token=t',
      '"__Host-refresh_token"=t',
      '__Host-refresh%5Ftoken=t',
      'a=1, __Host-refresh_token=t',
    ],
  ])('is not there in %j', (header) => {
    expect(cookieOf(withCookie(header), '__Host-refresh_token')).toBeUndefined();
  });

  it('is not there without a header, without headers, and in no list of headers', () => {
    for (const request of [{}, { headers: {} }, withCookie(undefined), withCookie(['__Host-refresh_token=t'])])
      expect(cookieOf(request, '__Host-refresh_token')).toBeUndefined();
  });

  it.each(['__Host-refresh_token=t; __Host-refresh_token=u', '__Host-refresh_token=;__Host-refresh_token=t'])(
    'is refused in %j: there are two',
    async (header) => {
      expect(await verdictOf((async () => cookieOf(withCookie(header), '__Host-refresh_token'))())).toBe(
        'two_credentials',
      );
    },
  );
});

describe('the token in the Authorization header', () => {
  const headers = { authorization: 'Bearer t' };

  it.each([
    [{ headers }],
    [{ headers, rawHeaders: ['authorization', 'Bearer t', 'Host', 'authorization', 'Cookie', 'Authorization'] }],
    [{ headers, raw: { rawHeaders: ['AUTHORIZATION', 'Bearer t', 'Content-Type__', 'x'] } }],
    [{ headers, raw: {} }],
  ])('is the one of %j', (request) => {
    expect(headerTokenOf(request)).toBe('t');
  });

  it.each([
    [{ headers, rawHeaders: ['Authorization', 'Bearer t', 'authorization', 'Bearer u'] }],
    [{ headers, raw: { rawHeaders: ['Authorization', 'Bearer t', 'Host', 'x', 'AUTHORIZATION', 'Basic u'] } }],
  ])('is refused in %j: there are two', async (request) => {
    expect(await verdictOf((async () => headerTokenOf(request))())).toBe('two_credentials');
  });
});

describe('where a request comes from', () => {
  it('is another site if no header tells the host', () => {
    expect(isCrossSite({ headers: { origin: 'https://a.example' } }, [])).toBe(true);
    expect(isCrossSite({ headers: { origin: 'not an origin' } }, [])).toBe(true);
    expect(isCrossSite({ headers: {} }, [])).toBe(false);
    expect(isCrossSite({}, [])).toBe(false);
  });

  it.each([
    ...['localhost', 'localhost:3000', 'LOCALHOST', 'shop.localhost:5173', '127.0.0.1:3000', '127.8.8.8', '[::1]:3000'],
  ])('is to localhost with the host %s', (host) => {
    expect(isToLocalhost({ headers: { host } })).toBe(true);
    expect(isToLocalhost({ headers: { ':authority': host } })).toBe(true);
  });

  it.each([
    ...['localhost.example.com', 'notlocalhost', 'app.example.com', '127.0.0.1.example.com', '127.0.0.1.', '[::2]'],
    ...['localhost:3000@example.com', 'example.com/localhost', '', 'localhost\n', 'localhost:'],
  ])('is not to localhost with the host %j', (host) => {
    expect(isToLocalhost({ headers: { host } })).toBe(false);
  });

  it('is not to localhost without a host', () => {
    expect([isToLocalhost({}), isToLocalhost({ headers: { host: ['localhost'] } })]).toEqual([false, false]);
  });

  it('is taken from the authority of HTTP/2 if there is no Host', () => {
    const headers = { origin: 'https://a.example', ':authority': 'a.example' };
    expect(isCrossSite({ headers }, [])).toBe(false);
    expect(isCrossSite({ headers: { ...headers, host: 'b.example' } }, [])).toBe(true);
  });

  it('is a page if there is either header', () => {
    expect(isFromBrowser({ headers: { origin: 'null' } })).toBe(true);
    expect(isFromBrowser({ headers: { 'sec-fetch-site': 'none' } })).toBe(true);
    expect(isFromBrowser({ headers: { 'user-agent': 'Chrome', 'sec-fetch-mode': 'cors' } })).toBe(false);
    expect(isFromBrowser({})).toBe(false);
  });

  it('does not matter to what only reads', () => {
    expect(['GET', 'HEAD', 'OPTIONS'].map((method) => mayChange({ method }))).toEqual([false, false, false]);
    const changing = ['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'QUERY', 'get', undefined];
    expect(changing.map((method) => mayChange({ method }))).toEqual(changing.map(() => true));
  });
});
