import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/errors.js';
import type { KeyOption } from '../../src/options/keys/key-option.js';
import { resolveOptions } from '../../src/options/resolve-options.js';
import { expectRefusal, jwk, OTHER, otherP256, p256, p384, pem, SECRET } from './key-material.js';

describe('a key that refuses to boot', () => {
  const secret = { secret: SECRET };
  const withKey = (key: object): KeyOption[] => [{ kid: 'a', ...key }, secret];
  const NEW_KEY = 'Give an RSA key of at least 2,048 bits, or one on P-256 or Ed25519.';
  const A_KEY = 'Give an unencrypted PEM with its line breaks, a JWK, or a KeyObject.';
  const published = { crv: 'Ed25519', kty: 'OKP', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const threes = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).privateKey;
  const locked = p256.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' });

  it.each<[string, unknown, string, string, string]>([
    [
      'no list',
      'a',
      'keys',
      'it is not a list of keys, or the list is empty',
      'Give a list such as `[{ kid, secret }]`.',
    ],
    [
      'an empty list',
      [],
      'keys',
      'it is not a list of keys, or the list is empty',
      'Give a list such as `[{ kid, secret }]`.',
    ],
    ['no object', [null], 'keys[0]', 'null is not an object', 'Give an object.'],
    [
      'nothing',
      [{}],
      'keys[0]',
      'it has neither a `secret` nor a key',
      'Give a `secret`, or a `privateKey`, or a `publicKey` to verify with.',
    ],
    [
      'both',
      withKey({ secret: OTHER, privateKey: p256.privateKey }),
      'keys[0]',
      'it has both a `secret` and a key',
      'Give a `secret`, or a `privateKey`, or a `publicKey` to verify with.',
    ],
    [
      'a typo',
      withKey({ privatekey: '' }),
      'keys[0].privatekey',
      'there is no such option',
      'Known options: kid, secret, privateKey, publicKey, algorithm, use.',
    ],
    [
      'an odd name',
      [{ kid: 'a b', secret: SECRET }],
      'keys[0].kid',
      "'a b' is not a valid name for a key",
      'Use 1 to 64 letters, digits and `.` `_` `~` `-`.',
    ],
    [
      'an empty name',
      [{ kid: '', secret: SECRET }],
      'keys[0].kid',
      "'' is not a valid name for a key",
      'Use 1 to 64 letters, digits and `.` `_` `~` `-`.',
    ],
    [
      'no name',
      [{ privateKey: p256.privateKey }, secret],
      'keys[0].kid',
      'it is missing',
      'Name the key: its public half is published by name.',
    ],
    [
      'the other algorithm',
      withKey({ privateKey: p256.privateKey, algorithm: 'RS256' }),
      'keys[0].algorithm',
      'this key is for ES256',
      "Use 'ES256', or another key.",
    ],
    [
      'an algorithm for a secret',
      [{ secret: SECRET, algorithm: 'ES256' }],
      'keys[0].algorithm',
      'this key is for HS256',
      "Use 'HS256', or another key.",
    ],
    [
      'the algorithm none',
      [{ secret: SECRET, algorithm: 'none' }],
      'keys[0].algorithm',
      'this key is for HS256',
      "Use 'HS256', or another key.",
    ],
    [
      'another curve',
      withKey({ privateKey: p384.privateKey }),
      'keys[0].privateKey',
      'no supported algorithm uses a key of secp384r1',
      NEW_KEY,
    ],
    [
      'a key to agree with',
      withKey({ privateKey: generateKeyPairSync('x25519').privateKey }),
      'keys[0].privateKey',
      'no supported algorithm uses a key of x25519',
      NEW_KEY,
    ],
    [
      'Ed448',
      withKey({ publicKey: generateKeyPairSync('ed448').publicKey }),
      'keys[0].publicKey',
      'no supported algorithm uses a key of ed448',
      NEW_KEY,
    ],
    [
      'a small RSA key',
      withKey({ privateKey: small }),
      'keys[0].privateKey',
      'it has 1024 bits, but RSA needs at least 2048',
      NEW_KEY,
    ],
    [
      'a small exponent',
      withKey({ privateKey: threes }),
      'keys[0].privateKey',
      'its exponent is 3, but RSA needs 65537',
      NEW_KEY,
    ],
    [
      'a published key',
      withKey({ publicKey: published }),
      'keys[0].publicKey',
      'its private half is published and known to everybody',
      NEW_KEY,
    ],
    [
      'another half',
      withKey({ privateKey: p256.privateKey, publicKey: otherP256.publicKey }),
      'keys[0].publicKey',
      'it is not the public half of this `privateKey`',
      'Give its own public half, or leave it out.',
    ],
    [
      'a private key for a public one',
      withKey({ publicKey: pem(p256.privateKey) }),
      'keys[0].publicKey',
      'it is a private key',
      'Give the public half, or name it `privateKey`.',
    ],
    [
      'a private JWK for a public one',
      withKey({ publicKey: jwk(p256.privateKey) }),
      'keys[0].publicKey',
      'it is a private key',
      'Give the public half, or name it `privateKey`.',
    ],
    [
      'a private KeyObject for a public one',
      withKey({ publicKey: p256.privateKey }),
      'keys[0].publicKey',
      'it is a private key',
      'Give the public half, or name it `privateKey`.',
    ],
    [
      'a public KeyObject for a private one',
      withKey({ privateKey: p256.publicKey }),
      'keys[0].privateKey',
      'it is a public key',
      'Give the private one.',
    ],
    [
      'a public PEM for a private one',
      withKey({ privateKey: pem(p256.publicKey) }),
      'keys[0].privateKey',
      'it is not a valid PEM key',
      A_KEY,
    ],
    [
      'a PEM without line breaks',
      withKey({ privateKey: pem(p256.privateKey).replaceAll('\n', '\\n') }),
      'keys[0].privateKey',
      'it is not a valid PEM key',
      A_KEY,
    ],
    ['a locked PEM', withKey({ privateKey: locked }), 'keys[0].privateKey', 'it is not a valid PEM key', A_KEY],
    ['an odd JWK', withKey({ privateKey: { kty: 'EC' } }), 'keys[0].privateKey', 'it is not a valid JWK key', A_KEY],
    [
      'no such use',
      withKey({ privateKey: p256.privateKey, use: 'sig' }),
      'keys[0].use',
      "'sig' is not one of its values",
      'Use access or refresh.',
    ],
  ])('for %s', (_, keys, option, problem, mend) => expectRefusal(keys, option, problem, mend));

  it('without a word of the key itself in the message', () => {
    const { d } = jwk(p384.privateKey);
    const boot = () => resolveOptions({ keys: withKey({ privateKey: { ...jwk(p384.privateKey), crv: 'P-256' } }) });
    expect(boot).toThrow(ConfigurationError);
    expect(boot).not.toThrow(d as string);
    expect(() => createPrivateKey({ key: jwk(p384.privateKey), format: 'jwk' })).not.toThrow();
    expect(createPublicKey(p384.privateKey).type).toBe('public');
  });
});
