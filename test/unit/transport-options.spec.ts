import { describe, expect, it } from 'vitest';
import type { AuthModuleSettings } from '../../src/options/auth-module-options.js';
import { resolveTransport } from '../../src/options/transport-options.js';

const withOrigins = (origins: unknown) =>
  resolveTransport({ transport: 'cookie', cookies: { origins } } as AuthModuleSettings);

describe('the options of transport', () => {
  it('are bearer by default, and the strictest cookies otherwise', () => {
    const defaults = { access: false, sameSite: 'strict', origins: [] };
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
    expect(resolved).toEqual(expected);
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
    ['*', 'https://app.example.com'],
    ['', 'https://app.example.com'],
    [/example/, 'https://app.example.com'],
    [undefined, 'https://app.example.com'],
  ])('refuse %p as an origin, and say what to write', (origin, mend) => {
    expect(() => withOrigins(['https://a.example', origin])).toThrow(
      /`cookies\.origins`: .* is not a valid origin\. Write /,
    );
    expect(() => withOrigins([origin])).toThrow(`Write '${mend}', as a browser sends it.`);
  });

  it.each(['https://app.example.com', true, {}, null])('refuse %p as a list of origins', (origins) => {
    expect(() => withOrigins(origins)).toThrow(/`cookies\.origins`: .* is not a list\. Give a list of origins\./);
  });
});
