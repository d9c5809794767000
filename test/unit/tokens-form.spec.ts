import { describe, expect, it } from 'vitest';
import { MAX_TOKEN_LENGTH } from '../../src/tokens/compact-form.js';
import { CLAIMS, claims, forge, forgeOfLength, GUID, HEADER, keyFor, NOW, verdict, verifier } from './forgeries.js';

describe('a token with a true signature', () => {
  describe('hides nothing in its claims', () => {
    it('behind __proto__, constructor or prototype', () => {
      const evil =
        '"__proto__": { "guid": "evil", "isAdmin": true }, "constructor": { "prototype": 1 }, "prototype": 2';
      const payload = JSON.stringify(CLAIMS).replace('{', `{ ${evil}, `);
      const read = verifier.verify('access', forge({ payload }), NOW);
      expect(read).toMatchObject({ guid: GUID, sub: 'ada' });
      expect(Object.keys(read.custom)).toEqual([]);
      expect(read.custom).not.toHaveProperty('isAdmin');
      expect(Object.getPrototypeOf(read.custom)).toBe(Object.prototype);
      expect({}).not.toHaveProperty('isAdmin');
    });

    it('and takes nothing from a prototype that was tampered with', () => {
      const { guid, ...rest } = CLAIMS;
      Object.defineProperty(Object.prototype, 'guid', { value: guid, configurable: true });
      try {
        expect(verdict(forge({ payload: rest }))).toBe('wrong_claims');
      } finally {
        Reflect.deleteProperty(Object.prototype, 'guid');
      }
    });

    it('in the member for the claims of the app in a refresh token', () => {
      const nested = '{ "__proto__": { "isAdmin": true }, "sub": "evil", "guid": "evil", "role": "member" }';
      const payload = JSON.stringify({ ...CLAIMS, custom: 'here' }).replace('"here"', nested);
      const header = { ...HEADER, typ: 'rt+jwt' };
      const read = verifier.verify('refresh', forge({ header, payload, key: keyFor('refresh') }), NOW);
      expect([read.sub, read.guid, read.custom]).toEqual(['ada', GUID, { role: 'member' }]);
      expect(read.custom).not.toHaveProperty('isAdmin');
    });

    it.each([null, 1, 'text', true, ['role']])('when that member is %j', (custom) => {
      const header = { ...HEADER, typ: 'rt+jwt' };
      const token = forge({ header, payload: claims({ custom }), key: keyFor('refresh') });
      expect(verifier.verify('refresh', token, NOW).custom).toEqual({});
    });

    it('behind a second member of one name: the last counts, for the check and for the reader', () => {
      const payload = JSON.stringify(CLAIMS).replace('{', '{ "guid": "evil", "iss": "evil", "exp": 1e400, ');
      expect(verifier.verify('access', forge({ payload }), NOW).guid).toBe(GUID);
      const last = JSON.stringify(CLAIMS).replace(/}$/, ', "iss": "evil" }');
      expect(verdict(forge({ payload: last }))).toBe('wrong_claims');
    });
  });

  describe('is refused by its form', () => {
    const good = forge({});
    const [header = '', payload = '', signature = ''] = good.split('.');

    it.each([
      ['a newline at the end', `${good}\n`],
      ['a newline at the start', `\n${good}`],
      ['a carriage return', `${good}\r\n`],
      ['a space at the end', `${good} `],
      ['a space within', good.replace('.', ' .')],
      ['a tab', `\t${good}`],
      ['NUL', `${good}\0`],
      ['a zero width space', `${good}\u200b`],
      ['padding', `${good}=`],
      ['padding of a part', `${header}=.${payload}.${signature}`],
      ['characters of plain base64', `${header}.${payload}.${signature.slice(0, -2)}+/`],
      ['four parts', `${good}.`],
      ['four full parts', `${good}.${signature}`],
      ['five parts', `${good}.${signature}.${signature}`],
      ['two parts', `${header}.${payload}`],
      ['one part', header],
      ['an empty signature', `${header}.${payload}.`],
      ['an empty header', `.${payload}.${signature}`],
      ['an empty payload', `${header}..${signature}`],
      ['dots alone', '..'],
      ['nothing', ''],
      ['a scheme before it', `Bearer ${good}`],
      ['a byte order mark before it', `\ufeff${good}`],
      ['100 kB', `${good}${'A'.repeat(100_000)}`],
      ['100 kB of payload', forge({ payload: claims({ pad: 'x'.repeat(100_000) }) })],
      ['100 kB of dots', '.'.repeat(100_000)],
    ])('with %s', (_, token) => {
      expect(verdict(token)).toBe('malformed_token');
    });

    it('with spare bits that are not zero', () => {
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      const last = alphabet.indexOf(good.at(-1) ?? '');
      const spare = good.slice(0, -1) + alphabet[last ^ 1];
      expect(Buffer.from(spare.split('.')[2] ?? '', 'base64url')).toEqual(Buffer.from(signature, 'base64url'));
      expect(verdict(spare)).toBe('malformed_token');
    });

    it('with a part of a length no bytes have', () => {
      expect(verdict(`${header}.${payload}.${signature}AA`)).toBe('malformed_token');
    });

    it.each([
      [MAX_TOKEN_LENGTH, 'accepted'],
      [MAX_TOKEN_LENGTH + 1, 'malformed_token'],
    ])('from a length of %i characters on: %s', (length, expected) => {
      expect(verdict(forgeOfLength(length))).toBe(expected);
    });

    it.each([
      ['an array', '[]'],
      ['an array of claims', JSON.stringify([CLAIMS])],
      ['a text', '"claims"'],
      ['a number', '1'],
      ['null', 'null'],
      ['no JSON', '{'],
      ['JSON and more', `${JSON.stringify(CLAIMS)}{}`],
      ['a comment', `${JSON.stringify(CLAIMS)}//`],
      ['single quotes', JSON.stringify(CLAIMS).replaceAll('"', "'")],
      ['a byte order mark', `\ufeff${JSON.stringify(CLAIMS)}`],
      ['a deep nest of arrays', '['.repeat(1400) + ']'.repeat(1400)],
      ['a nest without an end', '{"a":'.repeat(500)],
      [
        'bytes that are no UTF-8',
        Buffer.concat([Buffer.from('{"sub":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
      ],
      [
        'a surrogate written as UTF-8',
        Buffer.concat([Buffer.from('{"sub":"'), Buffer.from([0xed, 0xa0, 0x80, 0x22, 0x7d])]),
      ],
      ['an overlong dot', Buffer.concat([Buffer.from('{"sub":"'), Buffer.from([0xc0, 0xae, 0x22, 0x7d])])],
      ['UTF-16', Buffer.from(JSON.stringify(CLAIMS), 'utf16le')],
    ])('with %s for claims or for a header', (_, part) => {
      expect(verdict(forge({ payload: part }))).toBe('malformed_token');
      expect(verdict(forge({ header: part }))).toBe('wrong_header');
    });

    it('and not by a deep nest in a claim nobody reads', () => {
      const nest = JSON.stringify({ ...CLAIMS, nest: 'here' }).replace('"here"', '['.repeat(1200) + ']'.repeat(1200));
      expect(verdict(forge({ payload: nest }))).toBe('accepted');
    });

    it.each([undefined, null, 1, true, {}, [], [good], { toString: () => good }, Buffer.from(good), new String(good)])(
      'when it is no text (%#)',
      (token) => {
        expect(verdict(token)).toBe('malformed_token');
      },
    );
  });
});
