import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { AuthError, type RefusalReason } from '../../src/errors.js';
import { TOKEN_TYPES } from '../../src/tokens/claims.js';
import { parseCompactForm } from '../../src/tokens/compact-form.js';
import { MAX_SIGNED_LENGTH } from '../../src/tokens/token-signer.js';
import { DAY } from '../support/times.js';
import {
  ACCESS_TTL,
  CLAIMS,
  claims,
  encode,
  forge,
  GENERATION,
  GUID,
  KINDS,
  NOW,
  REFRESH_TTL,
  SECONDS,
  SUBJECT,
  signer,
  verdict,
  verifier,
} from './forgeries.js';

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
