import type { KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AuthError } from '../../src/errors.js';
import type { KeyAlgorithm, KeyOption } from '../../src/options/keys/key-option.js';
import { resolveOptions } from '../../src/options/resolve-options.js';
import { TOKEN_TYPES, type TokenKind } from '../../src/tokens/claims.js';
import { KeySet } from '../../src/tokens/key-set.js';
import { TokenSigner } from '../../src/tokens/token-signer.js';
import { TokenVerifier } from '../../src/tokens/token-verifier.js';
import { DAY } from '../support/times.js';
import { ed25519, jwk, OTHER, otherP256, p256, pem, rsa, SECRET } from './key-material.js';

const NOW = Date.UTC(2026, 0, 1);
const GUID = '6f3b2c1d-58a1-4c11-9d0e-7b6a5f4e3d2c';
const GENERATION = 'the-generation-of-tesQ';
const KINDS: TokenKind[] = ['access', 'refresh'];

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
