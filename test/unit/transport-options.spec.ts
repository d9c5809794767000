import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AuthModuleSettings } from '../../src/options/auth-module-options.js';
import { isListed } from '../../src/options/origins.js';
import { resolveTransport } from '../../src/options/transport-options.js';

const NAMES = { access: '__Host-access_token', refresh: '__Host-refresh_token' };
const withCookies = (cookies: object) => resolveTransport({ transport: 'cookie', cookies } as AuthModuleSettings);
const withOrigins = (origins: unknown) =>
  resolveTransport({ transport: 'cookie', cookies: { origins } } as AuthModuleSettings);

afterEach(() => vi.unstubAllEnvs());

describe('the options of transport', () => {
  it('are bearer by default, and the strictest cookies otherwise', () => {
    const defaults = {
      ...{ access: false, sameSite: 'strict', origins: [] },
      ...{ names: NAMES, secure: true, clearCache: false },
    };
    expect(resolveTransport({})).toEqual({ kind: 'bearer', ...defaults });
    for (const kind of ['cookie', 'both'] as const)
      expect(resolveTransport({ transport: kind })).toEqual({ kind, ...defaults });
    const cookies = { access: undefined, sameSite: undefined, origins: undefined } as never;
    expect(resolveTransport({ transport: 'both', cookies })).toEqual({ kind: 'both', ...defaults });
  });

  it('are kept as given, frozen, and apart from what was given', () => {
    const origins = ['https://app.example.com'];
    const resolved = resolveTransport({ transport: 'both', cookies: { access: true, sameSite: 'lax', origins } });
    origins.push('https://evil.example');
    const expected = { kind: 'both', access: true, sameSite: 'lax', origins: ['https://app.example.com'] };
    expect(resolved).toEqual({ ...expected, names: NAMES, secure: true, clearCache: false });
    expect([Object.isFrozen(resolved), Object.isFrozen(resolved.origins)]).toEqual([true, true]);
  });

  it.each(['https://app.example.com', 'http://localhost:5173', 'https://xn--bcher-kva.example', 'https://[::1]:8443'])(
    'take the origin %s',
    (origin) => {
      expect(withOrigins([origin]).origins).toEqual([origin]);
    },
  );

  it.each<[unknown, string]>([
    ['https://app.example.com/', 'https://app.example.com'],
    ['https://App.Example.com', 'https://app.example.com'],
    ['https://app.example.com:443', 'https://app.example.com'],
    ['http://localhost:80', 'http://localhost'],
    ['https://user@app.example.com', 'https://app.example.com'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    [' https://app.example.com', 'https://app.example.com'],
    ['app.example.com', 'https://app.example.com'],
    ['https://', 'https://app.example.com'],
    ['ws://app.example.com', 'https://app.example.com'],
    ['file:///etc', 'https://app.example.com'],
    ['null', 'https://app.example.com'],
    ['', 'https://app.example.com'],
    [/example/, 'https://app.example.com'],
    [undefined, 'https://app.example.com'],
  ])('refuse %p as an origin, and say what to write', (origin, mend) => {
    expect(() => withOrigins(['https://a.example', origin])).toThrow(
      /`cookies\.origins`: .* is not a valid origin\. Write /,
    );
    expect(() => withOrigins([origin])).toThrow(`Write '${mend}', as a browser sends it.`);
  });

  it.each([
    ...['capacitor://localhost', 'ionic://localhost', 'tauri://localhost', 'app://-', 'com.example.app://localhost'],
    ...['chrome-extension://abcdefghijklmnop', 'app://localhost:8080'],
  ])('take the origin of an installed app: %s', (origin) => {
    expect(withOrigins([origin]).origins).toEqual([origin]);
  });

  it.each([
    ...[
      'capacitor://localhost/',
      'Capacitor://localhost',
      'capacitor:localhost',
      'capacitor://',
      'ionic://a@localhost',
    ],
    ...['data://localhost', 'javascript://localhost', 'file://localhost', 'blob://localhost', 'app://a?b', 'app://a\n'],
  ])('refuse %j as the origin of an installed app', (origin) => {
    expect(() => withOrigins([origin])).toThrow(/is not a valid origin/);
  });

  it.each([
    ...['https://*.example.com', 'https://*.example.com:8443', 'http://*.localhost:5173', 'https://*.a.b.example'],
  ])('take the pattern %s', (origin) => {
    expect(withOrigins([origin]).origins).toEqual([origin]);
  });

  it.each([
    ...['*', 'https://*', 'https://*.com', 'https://*.', '*.example.com', '*://a.example.com', 'https://*example.com'],
    ...['https://a.*.example.com', 'https://*.*.example.com', 'https://a*.example.com', 'https://example.*'],
    ...['https://*.example.com/', 'https://*.example.com:*', 'https://*.example.com:443', 'https://*.Example.com'],
    ...[
      'https://a@*.example.com',
      'https://*.127.0.0.1',
      'capacitor://*',
      'capacitor://*.example.com',
      'ws://*.a.example',
    ],
  ])('refuse the pattern %s, and say what to write', (origin) => {
    expect(() => withOrigins([origin])).toThrow(
      "is not a valid origin. Write `*` for the first label of a domain of your own, such as 'https://*.example.com'.",
    );
  });

  it.each(['https://app.example.com', true, {}, null])('refuse %p as a list of origins', (origins) => {
    expect(() => withOrigins(origins)).toThrow(/`cookies\.origins`: .* is not a list\. Give a list of origins\./);
  });

  it.each(['shop_', 'shop.', 'A1-', ''])('take the prefix %j of the names of cookies', (prefix) => {
    const names = { access: `__Host-${prefix}access_token`, refresh: `__Host-${prefix}refresh_token` };
    expect(withCookies({ prefix }).names).toEqual(names);
  });

  it.each(['__Host-', '_a', 'a b', 'a=', 'a;', 'ä', '$a', 'a'.repeat(41), 7, null, ['a']])(
    'refuse the prefix %j',
    (prefix) => {
      expect(() => withCookies({ prefix })).toThrow(
        /`cookies\.prefix`: .* cannot begin the name of a cookie\. Give up to 40/,
      );
    },
  );

  it('let cookies go without Secure and its prefix, but not in production', () => {
    const names = { access: 'access_token', refresh: 'refresh_token' };
    expect(withCookies({ secure: false })).toMatchObject({ secure: false, names });
    vi.stubEnv('NODE_ENV', 'production');
    expect(() => withCookies({ secure: false })).toThrow(
      '`cookies.secure`: it is false, and `NODE_ENV` is production, where anybody on the way could read the cookies. Leave it out',
    );
    expect(withCookies({ secure: true })).toMatchObject({ secure: true, names: NAMES });
    expect(() => withCookies({ secure: 'no' })).toThrow("`cookies.secure`: 'no' is neither true nor false");
  });

  it('refuse a `clearCache` that is neither true nor false', () => {
    expect(resolveTransport({ clearCache: true })).toMatchObject({ kind: 'bearer', clearCache: true });
    expect(() => resolveTransport({ clearCache: 'cache' as never })).toThrow('`clearCache`');
  });
});

describe('a listed origin', () => {
  const listed = [
    'https://app.example.org',
    'https://*.example.com',
    'http://*.localhost:5173',
    'capacitor://localhost',
  ];

  it.each([
    ...[
      'https://app.example.org',
      'https://a.example.com',
      'https://xn--bcher-kva.example.com',
      'https://a_b.example.com',
    ],
    ...['http://shop.localhost:5173', 'capacitor://localhost'],
  ])('is %s', (origin) => {
    expect(isListed(origin, listed)).toBe(true);
  });

  it.each([
    ...['https://example.com', 'https://.example.com', 'https://a.b.example.com', 'https://evil.com/.example.com'],
    ...[
      'https://example.com.evil.com',
      'https://a.example.com.evil.com',
      'https://evilexample.com',
      'https://evil-example.com',
    ],
    ...[
      'https://user@a.example.com',
      'https://user:a.example.com',
      'https://evil.com:443.example.com',
      'https://evil.com#.example.com',
    ],
    ...[
      'https://evil.com?.example.com',
      'https://evil.com\\.example.com',
      'https://a.example.com:8443',
      'https://a.example.com:443',
    ],
    ...[
      'http://a.example.com',
      'https://a.example.com.',
      'https://a.example.com/',
      'https://A.example.com',
      'null',
      '',
    ],
    ...[
      'https://*.example.com',
      'https://a.example.com\n',
      'https://\na.example.com',
      `https://${'a'.repeat(64)}.example.com`,
    ],
    ...['https://a.app.example.org', 'capacitor://evil', 'http://localhost:5173', 'https://shop.localhost:5173'],
  ])('is not %j', (origin) => {
    expect(isListed(origin, listed)).toBe(false);
  });
});
