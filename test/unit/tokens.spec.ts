import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AuthError, type RefusalReason } from '../../src/errors.js';
import { resolveOptions } from '../../src/options/resolve-options.js';
import { TOKEN_TYPES, type TokenKind } from '../../src/tokens/claims.js';
import { MAX_TOKEN_LENGTH, parseCompactForm } from '../../src/tokens/compact-form.js';
import { KeySet } from '../../src/tokens/key-set.js';
import { MAX_SIGNED_LENGTH, TokenSigner, type TokenSubject } from '../../src/tokens/token-signer.js';
import { TokenVerifier } from '../../src/tokens/token-verifier.js';
import { DAY } from '../support/fake-clock.js';

const GUID = '6f3b2c1d-58a1-4c11-9d0e-7b6a5f4e3d2c';
const GENERATION = 'the-generation-of-tesQ';
const SECRET = 'a test secret of more than thirty-two bytes, kept in no vault';
const NOW = Date.UTC(2026, 0, 1);
const SECONDS = NOW / 1000;
const ACCESS_TTL = 300;
const REFRESH_TTL = 30 * 86_400;
const KINDS: TokenKind[] = ['access', 'refresh'];

const { tokens: options } = resolveOptions({ secret: SECRET, issuer: 'the issuer', audience: 'the audience' });
const keys = new KeySet(options.keys);
const keyFor = (kind: TokenKind, of = keys): KeyObject => of.signingKey(kind).verifying;
const keysOf = (secret: string): KeySet => new KeySet(resolveOptions({ secret }).tokens.keys);
const signer = new TokenSigner(options, keys);
const verifier = new TokenVerifier(options, keys);

const SUBJECT: TokenSubject = {
  ...{ userId: 'ada', guid: GUID, refTokID: GENERATION, ticket: 7 },
  ...{ sessionEnd: NOW + 60 * DAY, custom: {} },
};
const HEADER = { alg: 'HS256', typ: 'at+jwt' };
const CLAIMS = {
  ...{ iss: 'the issuer', aud: 'the audience', sub: 'ada', guid: GUID, refTokID: GENERATION },
  ...{ iat: SECONDS, exp: SECONDS + ACCESS_TTL },
};

interface Forgery {
  /** As an object, as the text of a JSON part, or as its bytes. */
  header?: object | string | Buffer;
  payload?: object | string | Buffer;
  key?: KeyObject;
  hash?: string;
}

/** A token with a true signature over whatever it says. */
function forge({ header = HEADER, payload = CLAIMS, key = keyFor('access'), hash = 'sha256' }: Forgery): string {
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`;
}

function encode(part: object | string | Buffer): string {
  const bytes = typeof part === 'string' || Buffer.isBuffer(part) ? part : JSON.stringify(part);
  return Buffer.from(bytes as string).toString('base64url');
}

/** The claims with some of them changed; `undefined` leaves one out. */
function claims(changed: Record<string, unknown>): object {
  return { ...CLAIMS, ...changed };
}

/** A JSON object whose member `name` has this text for a value, as JSON.stringify would not write it. */
function claimsWith(name: keyof typeof CLAIMS, json: string): string {
  return JSON.stringify({ ...CLAIMS, [name]: 'here' }).replace('"here"', json);
}

/** A token in order but for its length. */
function forgeOfLength(length: number): string {
  const room = length - forge({ payload: claims({ pad: '' }) }).length;
  for (let more = 0; more < 10; more++) {
    const token = forge({ payload: claims({ pad: 'x'.repeat((room >> 2) * 3 - 5 + more) }) });
    if (token.length === length) return token;
  }
  throw new Error(`no token has ${length} characters`);
}

/** Why a token is refused, or 'accepted'. Every refusal is an AuthError `invalid_token`, whatever was wrong. */
function verdict(token: unknown, kind: TokenKind = 'access', now = NOW): RefusalReason | 'accepted' {
  try {
    verifier.verify(kind, token, now);
    return 'accepted';
  } catch (error) {
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toHaveProperty('code', 'invalid_token');
    return (error as AuthError).reason;
  }
}

describe('a signed token', () => {
  it.each(KINDS)('is read back as it was signed (%s)', (kind) => {
    const { token } = signer.sign(kind, SUBJECT, NOW);
    const ttl = kind === 'access' ? ACCESS_TTL : REFRESH_TTL;
    expect(verifier.verify(kind, token, NOW)).toEqual({
      ...{ sub: 'ada', guid: GUID, refTokID: GENERATION },
      ...{ iat: SECONDS, exp: SECONDS + ttl, validFrom: SECONDS, ticket: kind === 'access' ? 7 : 0, custom: {} },
    });
  });

  it.each(KINDS)('says its type and its algorithm, who it is from and for, and nothing of a person (%s)', (kind) => {
    const { header, payload } = parseCompactForm(signer.sign(kind, SUBJECT, NOW).token);
    expect(header).toBe(encode({ alg: 'HS256', typ: TOKEN_TYPES[kind] }));
    const names = ['iss', 'aud', 'sub', 'guid', 'refTokID', 'iat', 'exp', ...(kind === 'access' ? ['ticket'] : [])];
    expect(Object.keys(payload).sort()).toEqual(names.sort());
    expect(payload).toMatchObject({ iss: 'the issuer', aud: 'the audience' });
  });

  it('carries the claims of the app: in the open in an access token, in one member of a refresh token', () => {
    const custom = { role: 'admin', groups: ['a', 'b'], name: 'Ada 👩', nested: { guid: 'other' }, none: null };
    for (const kind of KINDS) {
      const { token } = signer.sign(kind, { ...SUBJECT, custom }, NOW);
      expect(verifier.verify(kind, token, NOW).custom).toEqual(custom);
      expect(parseCompactForm(token).payload).toMatchObject(kind === 'access' ? custom : { custom });
    }
  });

  it.each(KINDS)('is read into claims that nobody can change, whatever they hold (%s)', (kind) => {
    const custom = { roles: ['member'], deep: { list: [{ of: ['objects'] }] }, none: null };
    const { token } = signer.sign(kind, { ...SUBJECT, custom }, NOW);
    const read = verifier.verify(kind, token, NOW);
    const { roles, deep } = read.custom as unknown as typeof custom;
    expect(() => roles.push('admin')).toThrow(TypeError);
    expect(() => Object.assign(deep, { more: 1 })).toThrow(TypeError);
    expect(() => deep.list[0]?.of.push('more')).toThrow(TypeError);
    expect(() => Object.assign(read.custom, { role: 'admin' })).toThrow(TypeError);
    expect(verifier.verify(kind, token, NOW).custom).toEqual(custom);
  });

  it('is read whatever the depth of its claims', () => {
    const deep = `${'['.repeat(1_200)}${']'.repeat(1_200)}`;
    const payload = JSON.stringify({ ...CLAIMS, deep: 'here' }).replace('"here"', deep);
    let inner = verifier.verify('access', forge({ payload }), NOW).custom.deep as unknown[] | undefined;
    for (; inner; inner = inner[0] as unknown[] | undefined) expect(Object.isFrozen(inner)).toBe(true);
  });

  it.each<[RefusalReason, string, Record<string, unknown>]>([
    ...(['', 'the guid', `${GUID} `, `${GUID}\0`, GUID.toUpperCase(), GUID.slice(1), '😀', '\ud800', `{${GUID}}`].map(
      (guid): [RefusalReason, string, object] => [guid ? 'session_unknown' : 'wrong_claims', 'guid', { guid }],
    ) as [RefusalReason, string, Record<string, unknown>][]),
    ...(['the generation', `${GENERATION} `, '\0', '😀', GENERATION.slice(1), GENERATION.replace(/.$/, 'B')].map(
      (refTokID): [RefusalReason, string, object] => ['superseded', 'refTokID', { refTokID }],
    ) as [RefusalReason, string, Record<string, unknown>][]),
    ...(['a\0', '\0', '\ud800', 'x\udc00y', '', 'x'.repeat(256)].map((sub): [RefusalReason, string, object] => [
      'wrong_claims',
      'sub',
      { sub },
    ]) as [RefusalReason, string, Record<string, unknown>][]),
  ])('is refused as %s for a %s that is none: %j', (reason, _, changed) => {
    expect(verdict(forge({ payload: claims(changed) }))).toBe(reason);
  });

  it.each(['1', ' ', 'ada ', '😀'.repeat(127), 'x'.repeat(255), 'İ', '\n'])('is read for the user %j', (sub) => {
    expect(verifier.verify('access', forge({ payload: claims({ sub }) }), NOW).sub).toBe(sub);
  });

  it.each(KINDS)('lets no claim of the app stand in for one of its own (%s)', (kind) => {
    const reserved = ['iss', 'aud', 'sub', 'exp', 'nbf', 'iat', 'jti', 'guid', 'refTokID', 'custom'];
    const inherited = JSON.parse('{ "__proto__": { "guid": "evil" }, "constructor": 1, "prototype": 2 }') as object;
    const custom = { ...Object.fromEntries(reserved.map((name) => [name, 'evil'])), ...inherited, role: 'member' };
    Object.defineProperty(custom, '__proto__', { value: { guid: 'evil' }, enumerable: true });
    const read = verifier.verify(kind, signer.sign(kind, { ...SUBJECT, custom }, NOW).token, NOW);
    expect(read).toMatchObject({ sub: 'ada', guid: GUID, refTokID: GENERATION, iat: SECONDS });
    expect(read.custom).toEqual({ role: 'member' });
  });

  it.each(KINDS)('does not let the app rewrite it as it is written out (%s)', (kind) => {
    const custom = { role: 'member', toJSON: () => ({ sub: 'evil' }) };
    const { token } = signer.sign(kind, { ...SUBJECT, custom }, NOW);
    expect(verifier.verify(kind, token, NOW)).toMatchObject({ sub: 'ada', guid: GUID });
  });

  it('is read into an object nobody can change', () => {
    const read = verifier.verify('access', signer.sign('access', { ...SUBJECT, custom: { a: 1 } }, NOW).token, NOW);
    expect([Object.isFrozen(read), Object.isFrozen(read.custom)]).toEqual([true, true]);
  });

  it('is read back whatever the ids and the claims are made of', () => {
    const id = fc.string({ minLength: 1, maxLength: 40, unit: 'binary' }).filter((text) => !text.includes('\0'));
    const guid = fc.uuid();
    const generation = fc.uint8Array({ minLength: 16, maxLength: 16 });
    const anyClaims = fc.dictionary(fc.string({ maxLength: 9 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });
    const written = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    fc.assert(
      fc.property(id, guid, generation, anyClaims, fc.constantFrom(...KINDS), (userId, guid, bytes, custom, kind) => {
        const refTokID = Buffer.from(bytes).toString('base64url');
        const free = Object.entries(custom).map(([name, value]) => [`x${name}`, value] as const);
        const subject = { ...SUBJECT, userId, guid, refTokID, custom: Object.fromEntries(free) };
        const read = verifier.verify(kind, signer.sign(kind, subject, NOW).token, NOW);
        expect(read).toMatchObject({ sub: userId, guid, refTokID });
        expect(written(read.custom)).toEqual(written(subject.custom));
      }),
    );
  });

  it('is refused at signing when the claims make it too long to be read', () => {
    const { length } = signer.sign('access', { ...SUBJECT, custom: { pad: '' } }, NOW).token;
    const room = Math.floor(((MAX_SIGNED_LENGTH - length) * 3) / 4);
    const longest = signer.sign('access', { ...SUBJECT, custom: { pad: 'x'.repeat(room - 1) } }, NOW).token;
    expect(longest.length).toBeGreaterThan(MAX_SIGNED_LENGTH - 4);
    expect(verdict(longest)).toBe('accepted');
    const tooMuch = { ...SUBJECT, custom: { pad: 'x'.repeat(room + 3) } };
    expect(() => signer.sign('access', tooMuch, NOW)).toThrow(RangeError);
  });
});

describe('the life of a signed token', () => {
  it('counts whole seconds, from the second it was signed in', () => {
    const { token, expiresIn } = signer.sign('access', SUBJECT, NOW + 999);
    expect(verifier.verify('access', token, NOW + 999)).toMatchObject({ iat: SECONDS, exp: SECONDS + ACCESS_TTL });
    expect(expiresIn).toBe(ACCESS_TTL);
  });

  it.each(KINDS)('ends with the session at the latest, and not before it (%s)', (kind) => {
    const sessionEnd = NOW + 100_001;
    const { token, expiresIn } = signer.sign(kind, { ...SUBJECT, sessionEnd }, NOW);
    // What is left, never more; the claim itself is in the second the session ends.
    expect(expiresIn).toBe(100);
    expect(verdict(token, kind, sessionEnd)).toBe('accepted');
    expect(verdict(token, kind, NOW + 101_000)).toBe('token_expired');
  });

  it.each([
    [-1, 'accepted'],
    [0, 'token_expired'],
    [1, 'token_expired'],
  ] as const)('is over from the millisecond of its exp on (%i ms)', (offset, expected) => {
    const { token } = signer.sign('access', SUBJECT, NOW);
    expect(verdict(token, 'access', NOW + ACCESS_TTL * 1000 + offset)).toBe(expected);
  });

  it('does not hinder a sign-out, past its end or given a longer one than the options allow now', () => {
    const { token } = signer.sign('access', SUBJECT, NOW);
    expect(verifier.verifyOrigin('access', token, NOW + 365 * DAY)).toMatchObject({ guid: GUID });
    const long = forge({ payload: claims({ exp: SECONDS + 365 * 86_400 }) });
    expect(verdict(long)).toBe('wrong_claims');
    expect(verifier.verifyOrigin('access', long, NOW)).toMatchObject({ guid: GUID });
    expect(() => verifier.verifyOrigin('refresh', token, NOW)).toThrow(AuthError);
    expect(() => verifier.verifyOrigin('access', `${token}A`, NOW)).toThrow(AuthError);
  });
});

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

describe('a token that was accepted before', () => {
  const { token } = signer.sign('access', SUBJECT, NOW);
  const changed = `${token.slice(0, -2)}${token.endsWith('AA') ? 'BA' : 'AA'}`;

  it.each([
    ['after its end', token, 'access', NOW + ACCESS_TTL * 1000, 'token_expired'],
    ['by a clock that stepped back', token, 'access', NOW - 61_000, 'token_from_future'],
    ['as a token of the other kind', token, 'refresh', NOW, 'wrong_header'],
    ['with another signature', changed, 'access', NOW, 'bad_signature'],
    ['with a space behind it', `${token} `, 'access', NOW, 'malformed_token'],
  ] as const)('is refused %s', (_, presented, kind, now, reason) => {
    expect(verdict(token, 'access', NOW)).toBe('accepted');
    expect(verdict(presented, kind, now)).toBe(reason);
    expect(verdict(token, 'access', NOW)).toBe('accepted');
  });
});

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
