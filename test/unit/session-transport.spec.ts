import { describe, expect, it } from 'vitest';
import type { HttpAdapterHost } from '@nestjs/core';
import type { AuthRequest } from '../../src/auth/request-info.js';
import { SessionTransport } from '../../src/http/transport/session-transport.js';
import type { AuthModuleOptions } from '../../src/options/auth-module-options.js';
import { resolveOptions } from '../../src/options/resolve-options.js';
import type { TokenPair } from '../../src/wire.js';

const SECRET = 'a test secret of more than thirty-two bytes';
const HEADER = { authorization: 'Bearer in-header' };
const ACCESS = { cookie: '__Host-access_token=in-cookie' };
const REFRESH = { cookie: '__Host-refresh_token=in-cookie' };
const OWN_PAGE = { 'sec-fetch-site': 'same-origin' };
const OTHER_SITE = { 'sec-fetch-site': 'cross-site' };
const BOTH = { transport: 'both' } as const;
const COOKIE = { transport: 'cookie' } as const;
const BOTH_COOKIES = { transport: 'cookie', cookies: { access: true } } as const;
const PAIR: TokenPair = {
  ...{ access_token: 'a', token_type: 'Bearer', expires_in: 300, refresh_token: 'r', refresh_expires_in: 3_600 },
  session: {} as TokenPair['session'],
};

const CROSS_SITE = { code: 'cross_site', reason: 'cross_site_request' };
const TWO = (message: string) => ({ code: 'invalid_request', reason: 'two_credentials', message });
const NO_TOKEN = {
  code: 'invalid_request',
  reason: 'malformed_request',
  message: /^refresh_token is missing$/,
};
const NOT_IN_BODY = { code: 'invalid_request', reason: 'malformed_request', message: /in a cookie; leave it out/ };
const REST = { token_type: 'Bearer', expires_in: 300, refresh_expires_in: 3_600, session: {} };
const lineOf = (name: string, value: string, seconds: number, sameSite = 'Strict') =>
  `__Host-${name}_token=${value}; Max-Age=${seconds}; Path=/; HttpOnly; Secure; SameSite=${sameSite}`;

/** A transport with these options, and the Set-Cookie lines it wrote. */
function transportWith(options: Partial<AuthModuleOptions> = {}) {
  const lines: string[] = [];
  const httpAdapter = {
    getHeader: () => lines,
    setHeader: (_response: unknown, name: string, line: string) => lines.push(`${name}: ${line}`),
    appendHeader: (_response: unknown, _name: string, line: string) => lines.push(line),
  };
  const host = { httpAdapter } as unknown as HttpAdapterHost;
  return { lines, transport: new SessionTransport(resolveOptions({ secret: SECRET, ...options }), host) };
}

/** What an attempt resolves to, or the refusal it ends in. */
function outcomeOf<T>(attempt: () => T): T | { code: unknown; reason: unknown; message: unknown } {
  try {
    return attempt();
  } catch (error) {
    const { code, reason, message } = error as Record<string, unknown>;
    return { code, reason, message };
  }
}

const request = (headers: Record<string, string>, method = 'POST'): AuthRequest => ({ method, headers });

describe('a sign-in', () => {
  it.each<[Partial<AuthModuleOptions>, Record<string, string>, object | undefined]>([
    [{}, OTHER_SITE, undefined],
    [BOTH, {}, undefined],
    [BOTH, OWN_PAGE, undefined],
    [BOTH, OTHER_SITE, CROSS_SITE],
    [COOKIE, {}, undefined],
    [COOKIE, OTHER_SITE, CROSS_SITE],
    [
      { transport: 'cookie', cookies: { origins: ['https://a.example'] } },
      { ...OTHER_SITE, origin: 'https://a.example' },
      undefined,
    ],
  ])(
    'with %j is admitted with %j, unless the answer would set a cookie on another site',
    (options, headers, refusal) => {
      const outcome = outcomeOf(() => transportWith(options).transport.admit(request(headers)));
      expect(outcome).toEqual(refusal && expect.objectContaining(refusal));
    },
  );
});

describe('a pair', () => {
  it.each<[Partial<AuthModuleOptions>, Record<string, string>, object, string[]]>([
    [{}, OWN_PAGE, PAIR, []],
    [BOTH, {}, PAIR, []],
    [BOTH, OWN_PAGE, { access_token: 'a', ...REST }, [lineOf('refresh', 'r', 3_600)]],
    [COOKIE, {}, { access_token: 'a', ...REST }, [lineOf('refresh', 'r', 3_600)]],
    [BOTH_COOKIES, {}, REST, [lineOf('refresh', 'r', 3_600), lineOf('access', 'a', 300)]],
    [
      { transport: 'cookie', cookies: { access: true, sameSite: 'lax' } },
      {},
      REST,
      [lineOf('refresh', 'r', 3_600, 'Lax'), lineOf('access', 'a', 300, 'Lax')],
    ],
  ])('with %j goes where it belongs (%j)', (options, headers, body, cookies) => {
    const { transport, lines } = transportWith(options);
    expect(transport.deliver(PAIR, request(headers), {})).toEqual(body);
    expect(lines).toEqual(cookies);
  });

  it('leaves nothing in the cache if asked, whatever carries the tokens', () => {
    const bearer = transportWith({ clearCache: true });
    bearer.transport.clear({});
    expect(bearer.lines).toEqual(['Clear-Site-Data: "cache"']);
    const cookie = transportWith({ ...COOKIE, clearCache: true });
    cookie.transport.clear({});
    expect(cookie.lines).toEqual([lineOf('refresh', '', 0), 'Clear-Site-Data: "cache"']);
  });

  it('without Secure is for localhost alone', () => {
    const { transport, lines } = transportWith({ transport: 'cookie', cookies: { secure: false } });
    const local = request({ ...OWN_PAGE, host: 'localhost:3000' });
    transport.admit(local);
    transport.deliver(PAIR, local, {});
    expect(lines).toEqual(['refresh_token=r; Max-Age=3600; Path=/; HttpOnly; SameSite=Strict']);
    const detail = '`cookies.secure` is false, which is for http://localhost only; leave it out on any other host';
    const refusal = { code: 'invalid_request', reason: 'malformed_request', message: detail };
    const elsewhere = request({ ...OWN_PAGE, host: 'app.example.com' });
    expect(outcomeOf(() => transport.admit(elsewhere))).toEqual(refusal);
    expect(outcomeOf(() => transport.deliver(PAIR, elsewhere, {}, 'cookie'))).toEqual(refusal);
    expect(lines).toHaveLength(1);
  });

  it('goes the way the token came, whatever sends it', () => {
    const { transport, lines } = transportWith(BOTH);
    expect(transport.deliver(PAIR, request(OWN_PAGE), {}, 'body')).toEqual(PAIR);
    expect(lines).toEqual([]);
    expect(transport.deliver(PAIR, request({}), {}, 'cookie')).toEqual({ access_token: 'a', ...REST });
    expect(lines).toEqual([lineOf('refresh', 'r', 3_600)]);
  });

  it('sets no cookie on another site', () => {
    const { transport, lines } = transportWith(COOKIE);
    expect(outcomeOf(() => transport.deliver(PAIR, request(OTHER_SITE), {}))).toMatchObject(CROSS_SITE);
    expect(lines).toEqual([]);
  });

  it.each<[Partial<AuthModuleOptions>, string[]]>([
    [{}, []],
    [COOKIE, [lineOf('refresh', '', 0)]],
    [BOTH_COOKIES, [lineOf('refresh', '', 0), lineOf('access', '', 0)]],
    [{ transport: 'cookie', cookies: { sameSite: 'lax' } }, [lineOf('refresh', '', 0, 'Lax')]],
  ])('with %j leaves no cookie behind', (options, cookies) => {
    const { transport, lines } = transportWith(options);
    transport.clear({});
    expect(lines).toEqual(cookies);
  });
});

describe('the access token', () => {
  it.each<[Partial<AuthModuleOptions>, Record<string, string>, string | undefined]>([
    [{}, HEADER, 'in-header'],
    [{}, ACCESS, undefined],
    [{}, { ...HEADER, ...ACCESS, ...OTHER_SITE }, 'in-header'],
    [COOKIE, ACCESS, undefined],
    [BOTH_COOKIES, ACCESS, 'in-cookie'],
    [BOTH_COOKIES, HEADER, 'in-header'],
    [BOTH_COOKIES, { ...HEADER, ...OTHER_SITE }, 'in-header'],
    [BOTH_COOKIES, {}, undefined],
    [BOTH_COOKIES, OTHER_SITE, undefined],
  ])('with %j in %j is %j', (options, headers, token) => {
    expect(transportWith(options).transport.accessToken(request(headers))).toBe(token);
  });

  it('is refused if there are two', () => {
    const { transport } = transportWith(BOTH_COOKIES);
    const message = 'the access token is in the header and in a cookie';
    expect(outcomeOf(() => transport.accessToken(request({ ...HEADER, ...ACCESS })))).toEqual(TWO(message));
  });

  it('is in the cookie with the prefix of the app, and in no other', () => {
    const { transport } = transportWith({ transport: 'cookie', cookies: { access: true, prefix: 'shop_' } });
    expect(transport.accessToken(request(ACCESS))).toBeUndefined();
    const both = { cookie: `${ACCESS.cookie}; __Host-shop_access_token=of-shop; __Host-my_shop_access_token=x` };
    expect(transport.accessToken(request(both))).toBe('of-shop');
  });

  it('of a cookie is refused to another site that would change something, and may read', () => {
    const { transport } = transportWith(BOTH_COOKIES);
    const headers = { ...ACCESS, ...OTHER_SITE };
    expect(outcomeOf(() => transport.accessToken(request(headers)))).toMatchObject(CROSS_SITE);
    expect(transport.accessToken(request(headers, 'GET'))).toBe('in-cookie');
  });
});

describe('the refresh token', () => {
  it.each<[Partial<AuthModuleOptions>, Record<string, string>, string | null | undefined, object | undefined]>([
    [{}, {}, 'in-body', { token: 'in-body', way: 'body' }],
    [{}, REFRESH, 'in-body', { token: 'in-body', way: 'body' }],
    [{}, REFRESH, undefined, undefined],
    [BOTH, OTHER_SITE, 'in-body', { token: 'in-body', way: 'body' }],
    [BOTH, REFRESH, undefined, { token: 'in-cookie', way: 'cookie' }],
    [BOTH, REFRESH, null, { token: 'in-cookie', way: 'cookie' }],
    [BOTH, {}, null, undefined],
    [COOKIE, REFRESH, undefined, { token: 'in-cookie', way: 'cookie' }],
    [COOKIE, OTHER_SITE, undefined, undefined],
    [COOKIE, {}, 'in-body', NOT_IN_BODY],
  ])('with %j in %j and %j is %j', (options, headers, inBody, expected) => {
    const outcome = outcomeOf(() => transportWith(options).transport.refreshToken(request(headers), inBody));
    if (expected && 'message' in expected) expectRefusal(outcome, expected as typeof NOT_IN_BODY);
    else expect(outcome).toEqual(expected);
  });

  it('is refused if there are two', () => {
    const { transport } = transportWith(BOTH);
    const message = 'the refresh token is in the body and in a cookie';
    expect(outcomeOf(() => transport.refreshToken(request(REFRESH), 'in-body'))).toEqual(TWO(message));
  });

  it('of a cookie is refused to another site', () => {
    const { transport } = transportWith(COOKIE);
    const headers = { ...REFRESH, ...OTHER_SITE };
    expect(outcomeOf(() => transport.refreshToken(request(headers)))).toMatchObject(CROSS_SITE);
    expect(transport.refreshToken(request(headers, 'GET'))).toEqual({ token: 'in-cookie', way: 'cookie' });
  });

  it('has to be there for a renewal', () => {
    const without = (options: Partial<AuthModuleOptions>) =>
      outcomeOf(() => transportWith(options).transport.requireRefreshToken(request({})));
    expectRefusal(without({}), NO_TOKEN);
    for (const options of [BOTH, COOKIE])
      expect(without(options)).toMatchObject({ code: 'invalid_grant', reason: 'no_credentials' });
    const { transport } = transportWith(BOTH);
    expect(transport.requireRefreshToken(request({}), 'in-body')).toEqual({ token: 'in-body', way: 'body' });
    expect(transport.requireRefreshToken(request(REFRESH))).toEqual({ token: 'in-cookie', way: 'cookie' });
  });
});

describe('the tokens of a sign-out', () => {
  const bothCookies = { cookie: `${ACCESS.cookie}; ${REFRESH.cookie}` };

  it.each<[Partial<AuthModuleOptions>, Record<string, string>, string | undefined, object]>([
    [{}, HEADER, undefined, { accessToken: 'in-header' }],
    [{}, {}, 'in-body', { refreshToken: 'in-body' }],
    [{}, {}, undefined, {}],
    [COOKIE, { ...HEADER, ...REFRESH }, undefined, { accessToken: 'in-header', refreshToken: 'in-cookie' }],
    [BOTH_COOKIES, bothCookies, undefined, { accessToken: 'in-cookie', refreshToken: 'in-cookie' }],
  ])('with %j in %j and %j are %j', (options, headers, inBody, tokens) => {
    expect(transportWith(options).transport.signOutTokens(request(headers), inBody)).toStrictEqual(tokens);
  });

  it('are refused if the body contains a second one', () => {
    const { transport } = transportWith();
    const message = 'there are two tokens to sign out';
    expect(outcomeOf(() => transport.signOutTokens(request(HEADER), 'in-body'))).toEqual(TWO(message));
  });
});

function expectRefusal(outcome: unknown, { message, ...refusal }: typeof NOT_IN_BODY): void {
  expect(outcome).toEqual({ ...refusal, message: expect.stringMatching(message) });
}
