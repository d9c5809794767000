import { createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { AuthError, ConfigurationError } from '../../src/errors.js';
import type { KeyAlgorithm, KeyOption } from '../../src/options/keys/key-option.js';
import { resolveOptions } from '../../src/options/resolve-options.js';
import { TOKEN_TYPES, type TokenKind } from '../../src/tokens/claims.js';
import { KeySet } from '../../src/tokens/key-set.js';
import { TokenSigner } from '../../src/tokens/token-signer.js';
import { TokenVerifier } from '../../src/tokens/token-verifier.js';
import { DAY } from '../support/fake-clock.js';

const NOW = Date.UTC(2026, 0, 1);
const GUID = '6f3b2c1d-58a1-4c11-9d0e-7b6a5f4e3d2c';
const GENERATION = 'the-generation-of-tesQ';
const SECRET = 'a test secret of more than thirty-two bytes, kept in no vault';
const OTHER = 'another test secret, which has more than thirty-two bytes too';
const KINDS: TokenKind[] = ['access', 'refresh'];

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const otherP256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const ed25519 = generateKeyPairSync('ed25519');
const pem = (key: KeyObject): string =>
  String(key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }));
const jwk = (key: KeyObject): JsonWebKey => key.export({ format: 'jwk' });

const SUBJECT = {
  ...{ userId: 'ada', guid: GUID, refTokID: GENERATION, ticket: 7 },
  ...{ sessionEnd: NOW + 60 * DAY, custom: {} },
};

/** What signs and what verifies, with these keys. */
function tokensOf(keys: readonly KeyOption[]) {
  const { tokens } = resolveOptions({ keys });
  const set = new KeySet(tokens.keys);
  const verifier = new TokenVerifier(tokens, set);
  const signer = new TokenSigner(tokens, set);
  return {
    set,
    sign: (kind: TokenKind): string => signer.sign(kind, SUBJECT, NOW).token,
    verdict: (kind: TokenKind, token: string): string => {
      try {
        return verifier.verify(kind, token, NOW).guid;
      } catch (error) {
        return (error as AuthError).reason;
      }
    },
  };
}

const header = (token: string): unknown => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());

const PAIRS: [KeyAlgorithm, { privateKey: KeyObject; publicKey: KeyObject }, object][] = [
  ['RS256', rsa, { kty: 'RSA', e: 'AQAB' }],
  ['ES256', p256, { kty: 'EC', crv: 'P-256' }],
  ['EdDSA', ed25519, { kty: 'OKP', crv: 'Ed25519' }],
];

describe('a key', () => {
  it.each(PAIRS)(
    'of %s signs access tokens, and a secret beside it the refresh tokens',
    (algorithm, { privateKey }) => {
      const { sign, verdict } = tokensOf([{ kid: 'a', privateKey }, { secret: SECRET }]);
      expect(header(sign('access'))).toEqual({ alg: algorithm, typ: 'at+jwt', kid: 'a' });
      expect(header(sign('refresh'))).toEqual({ alg: 'HS256', typ: 'rt+jwt' });
      for (const kind of KINDS) expect(verdict(kind, sign(kind))).toBe(GUID);
    },
  );

  it.each(PAIRS)('of %s serves refresh tokens where it is for them', (algorithm, { privateKey }) => {
    const { sign, verdict } = tokensOf([{ secret: SECRET }, { kid: 'r', privateKey, use: 'refresh' }]);
    expect(header(sign('refresh'))).toEqual({ alg: 'HS256', typ: 'rt+jwt' });
    const first = tokensOf([{ kid: 'r', privateKey, use: 'refresh' }, { secret: SECRET }]);
    expect(header(first.sign('refresh'))).toEqual({ alg: algorithm, typ: 'rt+jwt', kid: 'r' });
    expect(verdict('refresh', first.sign('refresh'))).toBe(GUID);
    expect(first.set.publicKeys).toEqual([]);
  });

  it.each(PAIRS)('of %s is read as PEM, in bytes, as JWK and as KeyObject alike', (_, { privateKey, publicKey }) => {
    const { sign } = tokensOf([{ kid: 'a', privateKey }, { secret: SECRET }]);
    for (const given of [pem(privateKey), Buffer.from(pem(privateKey)), jwk(privateKey), privateKey]) {
      const { verdict } = tokensOf([{ kid: 'a', privateKey: given }, { secret: SECRET }]);
      expect(verdict('access', sign('access'))).toBe(GUID);
    }
    for (const given of [pem(publicKey), Buffer.from(pem(publicKey)), jwk(publicKey), publicKey]) {
      const { verdict } = tokensOf([{ secret: SECRET }, { kid: 'a', publicKey: given }]);
      expect(verdict('access', sign('access'))).toBe(GUID);
    }
  });

  it.each(PAIRS)('of %s verifies with its public half alone, and does not verify for another', (_, pair) => {
    const { sign } = tokensOf([{ kid: 'a', privateKey: pair.privateKey }, { secret: SECRET }]);
    const [, payload, signature = ''] = sign('access').split('.');
    const { verdict } = tokensOf([{ secret: SECRET }, { kid: 'a', publicKey: otherP256.publicKey }]);
    const asES256 = Buffer.from('{"alg":"ES256","typ":"at+jwt","kid":"a"}').toString('base64url');
    expect(verdict('access', `${asES256}.${payload}.${signature}`)).toBe('bad_signature');
    const changed = `${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}`;
    const own = tokensOf([{ secret: SECRET }, { kid: 'a', publicKey: pair.publicKey }]);
    expect(own.verdict('access', sign('access'))).toBe(GUID);
    expect(own.verdict('access', [sign('access').split('.')[0], payload, changed].join('.'))).toBe('bad_signature');
  });

  it('of a secret has a key of its own for each kind, and neither is the secret', () => {
    const { set } = tokensOf([{ secret: SECRET }]);
    const [access, refresh] = KINDS.map((kind) => set.signingKey(kind).signing?.export() as Buffer);
    expect(access).not.toEqual(refresh);
    for (const key of [access, refresh]) expect([key?.length, key?.equals(Buffer.from(SECRET))]).toEqual([32, false]);
  });

  it('of a secret is the same on every node, and another for another secret', () => {
    for (const kind of KINDS) {
      const of = (secret: string) => tokensOf([{ secret }]).set.signingKey(kind).signing?.export();
      expect(of(SECRET)).toEqual(of(SECRET));
      expect(of(SECRET)).not.toEqual(of(OTHER));
    }
  });

  it('given for one kind does not serve the other', () => {
    const { sign, verdict } = tokensOf([
      { kid: 'a', secret: SECRET, use: 'access' },
      { kid: 'r', secret: OTHER, use: 'refresh' },
    ]);
    expect(KINDS.map((kind) => header(sign(kind)))).toEqual([
      { alg: 'HS256', typ: 'at+jwt', kid: 'a' },
      { alg: 'HS256', typ: 'rt+jwt', kid: 'r' },
    ]);
    expect(verdict('access', sign('refresh'))).toBe('wrong_header');
    expect(verdict('refresh', sign('access'))).toBe('wrong_header');
  });
});

describe('a list of keys', () => {
  const old: KeyOption = { kid: '2026-01', secret: SECRET };
  const young: KeyOption = { kid: '2026-02', secret: OTHER };

  it('signs with the first and verifies with each', () => {
    const [before, both, swapped, after] = [[old], [old, young], [young, old], [young]].map(tokensOf);
    for (const kind of KINDS) {
      const [byOld, byYoung] = [before?.sign(kind) ?? '', after?.sign(kind) ?? ''];
      expect([both?.sign(kind), swapped?.sign(kind)]).toEqual([byOld, byYoung]);
      for (const tokens of [both, swapped]) {
        expect([tokens?.verdict(kind, byOld), tokens?.verdict(kind, byYoung)]).toEqual([GUID, GUID]);
      }
    }
  });

  it('knows nothing of a key that left it, or is yet to come', () => {
    for (const kind of KINDS) {
      expect(tokensOf([young]).verdict(kind, tokensOf([old]).sign(kind))).toBe('wrong_header');
      expect(tokensOf([old]).verdict(kind, tokensOf([young]).sign(kind))).toBe('wrong_header');
    }
  });

  it('holds a token against the key its header names, and no other', () => {
    const swappedNames = [
      { kid: old.kid as string, secret: OTHER },
      { kid: young.kid as string, secret: SECRET },
    ];
    for (const kind of KINDS)
      expect(tokensOf(swappedNames).verdict(kind, tokensOf([old]).sign(kind))).toBe('bad_signature');
  });

  it('holds a token without a name against the key without one', () => {
    const nameless = tokensOf([{ secret: SECRET }]);
    const { verdict } = tokensOf([{ kid: 'a', secret: OTHER }, { secret: SECRET }]);
    for (const kind of KINDS) {
      expect(verdict(kind, nameless.sign(kind))).toBe(GUID);
      expect(tokensOf([{ kid: 'a', secret: SECRET }]).verdict(kind, nameless.sign(kind))).toBe('wrong_header');
    }
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('does not find a key by the name %s', (kid) => {
    const { set } = tokensOf([old]);
    const text = JSON.stringify({ alg: 'HS256', typ: TOKEN_TYPES.access }).replace('}', `,"kid":"${kid}"}`);
    for (const name of [text, kid]) {
      expect(set.keyOf('access', Buffer.from(name).toString('base64url'))).toBeUndefined();
      expect(set.keyOf('access', name)).toBeUndefined();
    }
  });

  it('refuses the signature of a secret under the name of a public key (RFC 8725 section 2.1)', () => {
    for (const [algorithm, { publicKey }] of PAIRS) {
      const { verdict } = tokensOf([{ secret: SECRET }, { kid: 'a', publicKey }]);
      const confused = tokensOf([{ kid: 'a', secret: SECRET }]).sign('access');
      expect(verdict('access', confused)).toBe('wrong_header');
      const asPublic = Buffer.from(`{"alg":"${algorithm}","typ":"at+jwt","kid":"a"}`).toString('base64url');
      expect(verdict('access', confused.replace(/^[^.]+/, asPublic))).toBe('bad_signature');
    }
  });

  it('publishes the public halves for access tokens, and nothing else of them', () => {
    const keys = PAIRS.map(([kid, { privateKey }]) => ({ kid, privateKey }));
    const { publicKeys } = tokensOf([...keys, { kid: 'old', publicKey: otherP256.publicKey }, { secret: SECRET }]).set;
    expect(publicKeys).toEqual([
      ...PAIRS.map(([alg, { publicKey }, own]) => ({ ...jwk(publicKey), ...own, kid: alg, alg, use: 'sig' })),
      { ...jwk(otherP256.publicKey), kid: 'old', alg: 'ES256', use: 'sig' },
    ]);
    expect(publicKeys.flatMap(Object.keys).filter((name) => /^(d|p|q|dp|dq|qi|k)$/.test(name))).toEqual([]);
  });
});

describe('a key that refuses to boot', () => {
  const secret = { secret: SECRET };
  const withKey = (key: object): KeyOption[] => [{ kid: 'a', ...key }, secret];
  const NEW_SECRET = 'Give at least 32 random bytes, for example from `openssl rand -base64 48`.';
  const NO_PAIR = `Put a key pair into \`keys\`, as \`privateKey\`; here ${NEW_SECRET.replace('Give', 'give')}`;
  const NEW_KEY = 'Give an RSA key of at least 2,048 bits, or one on P-256 or Ed25519.';
  const A_KEY = 'Give an unencrypted PEM with its line breaks, a JWK, or a KeyObject.';
  const published = { crv: 'Ed25519', kty: 'OKP', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const threes = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).privateKey;
  const locked = p256.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' });
  const rfc7515 = 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow';

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
    [
      'a secret that is a PEM',
      [{ secret: pem(p256.publicKey) }],
      'keys[0].secret',
      'it is a key of another kind (PEM, DER, JWK or OpenSSH), which others may know',
      NO_PAIR,
    ],
    [
      'a short secret',
      [{ secret: SECRET.slice(0, 31) }],
      'keys[0].secret',
      'it has 31 bytes, too few to resist guessing',
      NEW_SECRET,
    ],
    [
      'a secret of one letter',
      [{ secret: 'a'.repeat(64) }],
      'keys[0].secret',
      'it repeats itself, and is easy to guess',
      NEW_SECRET,
    ],
    [
      'a secret of zeros',
      [{ secret: Buffer.alloc(64) }],
      'keys[0].secret',
      'it repeats itself, and is easy to guess',
      NEW_SECRET,
    ],
    [
      'a secret of one word',
      [{ secret: 'supersecret'.repeat(4) }],
      'keys[0].secret',
      'it repeats itself, and is easy to guess',
      NEW_SECRET,
    ],
    [
      'a secret of digits',
      [{ secret: '1234567890'.repeat(4) }],
      'keys[0].secret',
      'it repeats itself, and is easy to guess',
      NEW_SECRET,
    ],
    [
      'the secret of jwt.io',
      [{ secret: 'a-string-secret-at-least-256-bits-long' }],
      'keys[0].secret',
      'it is an example, known to everybody',
      NEW_SECRET,
    ],
    [
      'the secret of RFC 7515',
      [{ secret: Buffer.from(rfc7515, 'base64url') }],
      'keys[0].secret',
      'it is an example, known to everybody',
      NEW_SECRET,
    ],
    [
      'that secret as text',
      [{ secret: rfc7515 }],
      'keys[0].secret',
      'it is an example, known to everybody',
      NEW_SECRET,
    ],
    [
      'the secret of the Nest docs',
      [{ secret: 'DO NOT USE THIS VALUE. INSTEAD, CREATE A COMPLEX SECRET AND KEEP IT SAFE.' }],
      'keys[0].secret',
      'it is a placeholder that was never replaced',
      NEW_SECRET,
    ],
    [
      'a placeholder',
      [{ secret: 'your-super-secret-jwt-key-for-this-app' }],
      'keys[0].secret',
      'it is a placeholder that was never replaced',
      NEW_SECRET,
    ],
    [
      'another placeholder',
      [{ secret: 'please-change-this-before-production-1' }],
      'keys[0].secret',
      'it is a placeholder that was never replaced',
      NEW_SECRET,
    ],
    [
      'two names alike',
      [
        { kid: 'a', secret: SECRET },
        { kid: 'a', secret: OTHER },
      ],
      'keys[1].kid',
      "a second key has the name 'a'",
      'Give each key a name of its own.',
    ],
    [
      'two without a name',
      [{ secret: SECRET }, { secret: OTHER }],
      'keys[1].kid',
      'a second key has no `kid`',
      'Give each key a name of its own.',
    ],
    [
      'one secret twice',
      [
        { kid: 'a', secret: SECRET },
        { kid: 'b', secret: SECRET },
      ],
      'keys[1]',
      'the same key is listed before it',
      'List each key once; the two kinds of token need different keys.',
    ],
    [
      'one key for both kinds',
      withKey({ privateKey: p256.privateKey }).concat({ kid: 'b', use: 'refresh', privateKey: p256.privateKey }),
      'keys[2]',
      'the same key is listed before it',
      'List each key once; the two kinds of token need different keys.',
    ],
    [
      'none for refresh tokens',
      [{ kid: 'a', privateKey: p256.privateKey }],
      'keys',
      'none of them signs refresh tokens',
      'Add an entry `{ secret }`.',
    ],
    [
      'none for access tokens',
      [{ secret: SECRET, use: 'refresh' }],
      'keys',
      'none of them signs access tokens',
      'Add one that does.',
    ],
    [
      'a first one that cannot sign',
      [{ kid: 'a', publicKey: p256.publicKey }, secret],
      'keys[0]',
      'the first key for access tokens has to sign, and this one has no private half',
      'Put a key that signs before it.',
    ],
  ])('for %s', (_, keys, option, problem, mend) => {
    const boot = () => resolveOptions({ keys: keys as KeyOption[] });
    expect(boot).toThrow(ConfigurationError);
    expect(boot).toThrow(
      expect.objectContaining({ option, message: `AuthModule option \`${option}\`: ${problem}. ${mend}` }),
    );
  });

  it('for a secret beside a list', () => {
    expect(() => resolveOptions({ secret: SECRET, keys: [{ kid: 'a', secret: OTHER }] })).toThrow(
      'AuthModule option `secret`: there are `keys` too. Put it into `keys`, as an entry `{ secret }`.',
    );
  });

  it('and never for a good one', () => {
    const good: KeyOption[][] = [
      [{ kid: 'a', privateKey: p256.privateKey, publicKey: p256.publicKey, algorithm: 'ES256', use: 'access' }, secret],
      [
        { kid: 'a', secret: SECRET, use: 'access' },
        { secret: OTHER, use: 'refresh' },
      ],
      [{ kid: 'a.b_c~d-9', secret: 'zH9!kq2Lw7@Xp4Vn8#Rt6$Yb3%Mc5^Df' }],
      [{ secret: Buffer.from(jwk(ed25519.privateKey).d as string, 'base64url') }],
      [{ kid: 'a', secret: SECRET }, { secret: OTHER }],
    ];
    for (const keys of good) expect(() => resolveOptions({ keys })).not.toThrow();
  });

  it('without a word of the key itself in the message', () => {
    const { d } = jwk(p384.privateKey);
    const boot = () => resolveOptions({ keys: withKey({ privateKey: { ...jwk(p384.privateKey), crv: 'P-256' } }) });
    expect(boot).toThrow(ConfigurationError);
    expect(boot).not.toThrow(d as string);
    expect(() => createPrivateKey({ key: jwk(p384.privateKey), format: 'jwk' })).not.toThrow();
    expect(createPublicKey(p384.privateKey).type).toBe('public');
  });
});
