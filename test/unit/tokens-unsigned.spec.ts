import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  CLAIMS,
  claims,
  encode,
  forge,
  HEADER,
  KINDS,
  keyFor,
  keysOf,
  NOW,
  SECONDS,
  SECRET,
  verdict,
  verifier,
} from './forgeries.js';

describe('a token without a true signature', () => {
  const good = forge({});

  it.each([
    ['the secret itself', createSecretKey(Buffer.from(SECRET))],
    ['another secret', keyFor('access', keysOf(`${SECRET}!`))],
    ['an empty key', createSecretKey(Buffer.alloc(0))],
    ['a key of zeros', createSecretKey(Buffer.alloc(32))],
  ])('is refused when signed with %s', (_, key) => {
    expect(verdict(forge({ key }))).toBe('bad_signature');
  });

  it('is refused when the key comes with it, and whatever key comes with it', () => {
    const own = Buffer.alloc(32, 7);
    const jwk = { kty: 'oct', k: own.toString('base64url') };
    expect(verdict(forge({ header: { ...HEADER, jwk }, key: createSecretKey(own) }))).toBe('wrong_header');
    expect(verdict(forge({ header: { ...HEADER, jwk } }))).toBe('wrong_header');
  });

  it('is refused with the signature of another', () => {
    const other = forge({ payload: claims({ sub: 'bob' }) });
    const [header, payload] = good.split('.');
    expect(verdict(`${header}.${payload}.${other.split('.')[2]}`)).toBe('bad_signature');
  });

  it.each([1, 16, 31, 33, 64])('is refused with a signature of %i bytes', (length) => {
    const [header, payload, signature = ''] = good.split('.');
    const bytes = Buffer.concat([Buffer.from(signature, 'base64url'), Buffer.alloc(64)]).subarray(0, length);
    expect(verdict(`${header}.${payload}.${bytes.toString('base64url')}`)).toBe('bad_signature');
  });

  it('is refused after any change of a character', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.constantFrom(...alphabet), (at, character) => {
        const changed = good.slice(0, at) + character + good.slice(at + 1);
        expect(verdict(changed) === 'accepted').toBe(changed === good);
      }),
      { numRuns: 500 },
    );
  });

  it('is refused, whatever text it is', () => {
    const part = fc.oneof(fc.base64String(), fc.json().map(encode), fc.constantFrom(...good.split('.')));
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part, { maxLength: 5 }).map((parts) => parts.join('.')),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(...KINDS), (token, kind) => {
        fc.pre(token !== good);
        expect(verdict(token, kind)).not.toBe('accepted');
      }),
      { numRuns: 500 },
    );
  });

  it('with any claims is accepted only for what a signer would write', () => {
    const value = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom<unknown>(SECONDS, 'ada', undefined));
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(CLAIMS)), value, (name, changed) => {
        const payload = claims({ [name]: changed });
        if (verdict(forge({ payload })) !== 'accepted') return;
        const read = verifier.verify('access', forge({ payload }), NOW);
        expect([typeof read.sub, typeof read.guid, typeof read.refTokID]).toEqual(['string', 'string', 'string']);
        expect([read.iat, read.exp].every(Number.isSafeInteger)).toBe(true);
        expect(read.exp).toBeGreaterThan(SECONDS);
      }),
      { numRuns: 500 },
    );
  });
});
