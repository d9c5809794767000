import { describe, expect, it } from 'vitest';
import { TOKEN_TYPES } from '../../src/tokens/claims.js';
import {
  ACCESS_TTL,
  CLAIMS,
  claims,
  claimsWith,
  forge,
  HEADER,
  keyFor,
  NOW,
  REFRESH_TTL,
  SECONDS,
  SUBJECT,
  signer,
  verdict,
} from './forgeries.js';

describe('a token with a true signature', () => {
  it('is accepted when nothing is wrong with it', () => {
    expect(verdict(forge({}))).toBe('accepted');
    const header = { ...HEADER, typ: 'rt+jwt' };
    expect(verdict(forge({ header, key: keyFor('refresh') }), 'refresh')).toBe('accepted');
  });

  describe('of the other kind', () => {
    it('is refused by its type', () => {
      expect(verdict(signer.sign('access', SUBJECT, NOW).token, 'refresh')).toBe('wrong_header');
      expect(verdict(signer.sign('refresh', SUBJECT, NOW).token, 'access')).toBe('wrong_header');
    });

    it('is refused by its key where the type is forged', () => {
      expect(verdict(forge({ key: keyFor('refresh') }))).toBe('bad_signature');
      expect(verdict(forge({ header: { ...HEADER, typ: 'rt+jwt' } }), 'refresh')).toBe('bad_signature');
    });
  });

  describe('is refused by its header', () => {
    it.each([
      'none',
      'None',
      'NONE',
      'nOnE',
      'HS384',
      'HS512',
      'RS256',
      'ES256',
      'PS256',
      'EdDSA',
      'hs256',
      'HS256 ',
      '',
    ])('with the algorithm %j', (alg) => {
      expect(verdict(forge({ header: { ...HEADER, alg } }))).toBe('wrong_header');
    });

    it.each([
      ['HS384', 'sha384'],
      ['HS512', 'sha512'],
    ])('with a signature by %s', (alg, hash) => {
      expect(verdict(forge({ header: { ...HEADER, alg }, hash }))).toBe('wrong_header');
      expect(verdict(forge({ hash }))).toBe('bad_signature');
    });

    it.each([undefined, null, 256, ['HS256'], { toString: 'HS256' }, true])('with %j for an algorithm', (alg) => {
      expect(verdict(forge({ header: { ...HEADER, alg } }))).toBe('wrong_header');
    });

    it.each(['JWT', 'jwt', 'AT+JWT', 'at+jwt ', 'application/at+jwt', 'id+jwt', 'rt+jwt', '', undefined, null, 1, []])(
      'with the type %j',
      (typ) => {
        expect(verdict(forge({ header: { ...HEADER, typ } }))).toBe('wrong_header');
      },
    );

    it.each([[['exp']], [['b64']], [['http://example.com/unknown']], [[]], [null], ['exp'], [{}]])(
      'with the critical extensions %j',
      (crit) => {
        expect(verdict(forge({ header: { ...HEADER, crit, b64: true } }))).toBe('wrong_header');
      },
    );

    it('with the members it needs behind __proto__', () => {
      expect(verdict(forge({ header: '{ "__proto__": { "alg": "HS256", "typ": "at+jwt" } }' }))).toBe('wrong_header');
    });

    it.each([
      '{"alg":"HS256","alg":"none","typ":"at+jwt"}',
      '{"alg":"none","typ":"rt+jwt","alg":"HS256","typ":"at+jwt"}',
      '{"typ":"at+jwt","alg":"HS256"}',
      '{ "alg": "HS256", "typ": "at+jwt" }',
      '{"alg":"HS256","typ":"at\\u002bjwt"}',
      '{"alg":"HS256","typ":"at+jwt"}\n',
    ])('written otherwise than a signer writes it: %s', (header) => {
      expect(verdict(forge({ header: JSON.stringify(HEADER) }))).toBe('accepted');
      expect(verdict(forge({ header }))).toBe('wrong_header');
    });

    it.each([
      { kid: 'mine' },
      { kid: '' },
      { kid: null },
      { cty: 'JWT' },
      { zip: 'DEF' },
      { jku: 'http://127.0.0.1:9/keys' },
      { x5u: 'http://127.0.0.1:9/key' },
      { x5c: ['MII'] },
      { jwk: { kty: 'oct', k: 'AAAA' } },
    ])('with the further member %j', (member) => {
      expect(verdict(forge({ header: { ...HEADER, ...member } }))).toBe('wrong_header');
    });
  });

  describe('is refused by who it is from and for', () => {
    const WRONG = ['the  issuer', 'The Issuer', 'the issuer ', '', undefined, null, 1, true, {}, ['the issuer']];

    it.each(WRONG)('with the issuer %j', (iss) => {
      expect(verdict(forge({ payload: claims({ iss }) }))).toBe('wrong_claims');
    });

    it.each([...WRONG, 'the issuer', ['the audience'], ['the audience', 'another'], { 0: 'the audience' }])(
      'with the audience %j',
      (aud) => {
        expect(verdict(forge({ payload: claims({ aud }) }))).toBe('wrong_claims');
      },
    );
  });

  describe('is refused by its claims', () => {
    const NO_TEXT: unknown[] = [undefined, null, true, false, 0, 7.5, '', [], ['ada'], {}, { toString: 'ada' }];
    const NO_TIME: unknown[] = [
      undefined,
      null,
      true,
      false,
      '',
      `${SECONDS}`,
      [],
      [SECONDS],
      {},
      { valueOf: SECONDS },
    ];
    const TEXTS = ['sub', 'guid', 'refTokID'] as const;
    const TIMES = ['iat', 'exp'] as const;

    it.each(TEXTS.flatMap((name) => NO_TEXT.map((value) => [name, value] as const)))('with %s %j', (name, value) => {
      expect(verdict(forge({ payload: claims({ [name]: value }) }))).toBe('wrong_claims');
    });

    it.each(TIMES.flatMap((name) => NO_TIME.map((value) => [name, value] as const)))('with %s %j', (name, value) => {
      expect(verdict(forge({ payload: claims({ [name]: value }) }))).toBe('wrong_claims');
    });

    const NO_SECONDS = [`${SECONDS}.5`, '1e400', '-1e400', '-1', '1e308', `${2 ** 53}`, `${2 ** 53 + 2}`, '1e-1'];
    it.each(TIMES.flatMap((name) => NO_SECONDS.map((json) => [name, json] as const)))('with %s %s', (name, json) => {
      expect(verdict(forge({ payload: claimsWith(name, json) }))).toBe('wrong_claims');
    });

    it.each(TEXTS)('with a %s of more than 255 characters', (name) => {
      const longest = name === 'sub' ? 'accepted' : name === 'guid' ? 'session_unknown' : 'superseded';
      expect(verdict(forge({ payload: claims({ [name]: 'x'.repeat(255) }) }))).toBe(longest);
      expect(verdict(forge({ payload: claims({ [name]: 'x'.repeat(256) }) }))).toBe('wrong_claims');
    });

    it.each([...TEXTS, ...TIMES])('with the %s behind __proto__', (name) => {
      const { [name]: value, ...rest } = CLAIMS;
      const payload = JSON.stringify({ ...rest, here: 1 }).replace('"here":1', `"__proto__":{"${name}":"x"}`);
      expect(value).toBeDefined();
      expect(verdict(forge({ payload }))).toBe('wrong_claims');
      const withTime = payload.replace('"x"', JSON.stringify(value));
      expect(verdict(forge({ payload: withTime }))).toBe('wrong_claims');
    });
  });

  describe('is refused by its times', () => {
    it.each([
      [59, 'accepted'],
      [60, 'accepted'],
      [61, 'token_from_future'],
      [86_400, 'token_from_future'],
    ] as const)('issued %i seconds from now', (ahead, expected) => {
      const iat = SECONDS + ahead;
      expect(verdict(forge({ payload: claims({ iat, exp: iat + 10 }) }))).toBe(expected);
      expect(verdict(forge({ payload: claims({ iat, exp: iat + 10 }) }), 'access', NOW - 1)).toBe(
        ahead < 60 ? 'accepted' : 'token_from_future',
      );
    });

    it.each([
      [-1, 'accepted'],
      [60, 'accepted'],
      [61, 'token_from_future'],
    ] as const)('not to be used before %i seconds from now', (ahead, expected) => {
      expect(verdict(forge({ payload: claims({ nbf: SECONDS + ahead }) }))).toBe(expected);
    });

    it.each([null, '', `${SECONDS}`, -1, 0.5, [], {}])('with nbf %j', (nbf) => {
      expect(verdict(forge({ payload: claims({ nbf }) }))).toBe('wrong_claims');
    });

    it.each([
      ['access', ACCESS_TTL, 'accepted'],
      ['access', ACCESS_TTL + 1, 'wrong_claims'],
      ['access', REFRESH_TTL, 'wrong_claims'],
      ['refresh', REFRESH_TTL, 'accepted'],
      ['refresh', REFRESH_TTL + 1, 'wrong_claims'],
      ['refresh', Number.MAX_SAFE_INTEGER - SECONDS, 'wrong_claims'],
    ] as const)('an %s token with a life of %i seconds', (kind, life, expected) => {
      const header = { ...HEADER, typ: TOKEN_TYPES[kind] };
      const payload = claims({ exp: SECONDS + life });
      expect(verdict(forge({ header, payload, key: keyFor(kind) }), kind)).toBe(expected);
    });

    it.each([0, 1, SECONDS - 1, SECONDS])('with exp %i', (exp) => {
      expect(verdict(forge({ payload: claims({ iat: 0, exp }) }))).toMatch(/token_expired|wrong_claims/);
      expect(verdict(forge({ payload: claims({ exp }) }))).toBe('token_expired');
    });
  });
});
