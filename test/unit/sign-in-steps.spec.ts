import { createHmac, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AuthModuleSettings } from '../../src/options/auth-module-options.js';
import { resolveOptions } from '../../src/options/resolve-options.js';
import { SignInSteps, type StepToIssue } from '../../src/second-factor/sign-in-steps.js';
import { TestClock } from '../../src/testing/test-clock.js';
import { KeySet } from '../../src/tokens/key-set.js';
import { TokenSigner } from '../../src/tokens/token-signer.js';
import { TokenVerifier } from '../../src/tokens/token-verifier.js';
import { MINUTE, SECOND } from '../support/times.js';
import { claimsOf, headerOf } from '../support/client.js';
import { encode, GENERATION, GUID, SECRET } from './forgeries.js';

const STEP: StepToIssue = { purpose: 'code', userId: 'ada', ticket: 7 };

/** Everything that signs and reads tokens with these options, on one clock. */
function house(given: Partial<AuthModuleSettings> = {}) {
  const clock = new TestClock();
  const { tokens } = resolveOptions({ ...(given.keys ? {} : { secret: SECRET }), ...given } as never);
  const keys = new KeySet(tokens.keys);
  const steps = new SignInSteps(tokens, keys, clock);
  return { clock, keys, steps, signer: new TokenSigner(tokens, keys), verifier: new TokenVerifier(tokens, keys) };
}

/** What an attempt to read is refused with: code and reason. */
function refusalOf({ steps }: ReturnType<typeof house>, token: unknown, purpose = 'code'): unknown {
  try {
    return steps.read(purpose, token);
  } catch (error) {
    const { code, reason } = error as Record<string, unknown>;
    return [code, reason];
  }
}

const refused = (reason: string) => ['invalid_credentials', reason];
const { privateKey } = generateKeyPairSync('ed25519');
const KEYS = [
  { kid: 'a', privateKey },
  { kid: 'r', secret: SECRET },
];

describe.each<[string, Partial<AuthModuleSettings>]>([
  ['a secret', {}],
  ['keys', { keys: KEYS }],
])('the token of a step, with %s', (_, options) => {
  it('carries user and ticket to the next request of its purpose', () => {
    const { steps, clock } = house(options);
    const { token, expiresIn } = steps.issue(STEP);
    expect(expiresIn).toBe(300);
    expect(headerOf(token)).toMatchObject({ alg: 'HS256', typ: 'step+jwt' });
    const { id, ...step } = steps.read('code', token);
    expect(step).toEqual({ userId: 'ada', ticket: 7, expiresAt: clock.now() + 5 * MINUTE });
    expect(id).toMatch(/^[\da-f-]{36}$/);
    expect(steps.read('code', steps.issue(STEP).token).id).not.toBe(id);
  });

  it('is no access token and no refresh token, and neither of these is one of a step', () => {
    const all = house(options);
    const { steps, clock, signer, verifier, keys } = all;
    const subject = {
      userId: 'ada',
      guid: GUID,
      refTokID: GENERATION,
      ticket: 7,
      sessionEnd: clock.now() + MINUTE,
      custom: {},
    };
    for (const kind of ['access', 'refresh'] as const) {
      expect(() => verifier.verify(kind, steps.issue(STEP).token, clock.now())).toThrow('invalid_token (wrong_header)');
      expect(() => verifier.verifyOrigin(kind, steps.issue(STEP).token, clock.now())).toThrow('wrong_header');
      expect(refusalOf(all, signer.sign(kind, subject, clock.now()).token)).toEqual(refused('wrong_header'));
    }
    const { signing } = keys.furtherKeys('step');
    expect(signing.signing?.equals(keys.signingKey('refresh').verifying)).toBe(false);
  });
});

describe('the token of a step', () => {
  it('holds for its purpose alone', () => {
    const all = house();
    const { token } = all.steps.issue(STEP);
    expect(refusalOf(all, token, 'passkey')).toEqual(refused('wrong_claims'));
    expect(refusalOf(all, token, '')).toEqual(refused('wrong_claims'));
  });

  it('holds for its issuer, its audience and its secret alone', () => {
    const { token } = house().steps.issue(STEP);
    expect(refusalOf(house({ issuer: 'another' }), token)).toEqual(refused('wrong_claims'));
    expect(refusalOf(house({ audience: 'another' }), token)).toEqual(refused('wrong_claims'));
    const secret = 'another secret of more than thirty-two bytes, kept in no vault';
    expect(refusalOf(house({ secret }), token)).toEqual(refused('bad_signature'));
  });

  it('is over from the millisecond of its end on', () => {
    const all = house();
    const { token } = all.steps.issue({ ...STEP, lifetime: '90s' });
    all.clock.advance(90 * SECOND - 1);
    expect(all.steps.read('code', token).userId).toBe('ada');
    all.clock.advance(1);
    expect(refusalOf(all, token)).toEqual(refused('token_expired'));
  });

  it('is refused more than a minute ahead of the clock', () => {
    const all = house();
    const { token } = all.steps.issue(STEP);
    all.clock.advance(-MINUTE);
    expect(all.steps.read('code', token).userId).toBe('ada');
    all.clock.advance(-SECOND);
    expect(refusalOf(all, token)).toEqual(refused('token_from_future'));
  });

  it('lives an hour at most', () => {
    expect(house().steps.issue({ ...STEP, lifetime: '1h' }).expiresIn).toBe(3600);
    expect(() => house().steps.issue({ ...STEP, lifetime: '61m' })).toThrow("'61m' is longer than an hour");
    expect(() => house().steps.issue({ ...STEP, lifetime: '5 minutes' as never })).toThrow('`lifetime`');
  });

  it.each([undefined, null, '', 7, {}, ['a'], 'garbage', 'a.b.c', `${'a'.repeat(5000)}.b.c`])('is not %j', (token) => {
    expect(refusalOf(house(), token)).toEqual(refused('malformed_token'));
  });

  it.each<[string, Record<string, unknown>]>([
    ['no user', { sub: undefined }],
    ['a user that is no id', { sub: '' }],
    ['a ticket that is a text', { ticket: '7' }],
    ['a ticket below 0', { ticket: -1 }],
    ['no ticket', { ticket: undefined }],
    ['no id', { jti: undefined }],
    ['a beginning that is no number', { iat: '0' }],
    ['an end that is too far', { exp: 9_999_999_999 }],
    ['another purpose', { purpose: ['code'] }],
  ])('is refused with %s, even if the signature is right', (_, changed) => {
    const all = house();
    const { token } = all.steps.issue(STEP);
    const signed = `${token.split('.')[0]}.${encode({ ...claimsOf(token), ...changed })}`;
    const key = all.keys.furtherKeys('step').signing.verifying;
    const forged = `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
    expect(refusalOf(all, forged)).toEqual(refused('wrong_claims'));
    expect(refusalOf(all, `${signed}.${token.split('.')[2]}`)).toEqual(refused('bad_signature'));
  });

  it('is not issued for what is no user, no purpose or no ticket', () => {
    const { steps } = house();
    expect(() => steps.issue({ ...STEP, userId: undefined as never })).toThrow('A user id is a text');
    expect(() => steps.issue({ ...STEP, purpose: 'a code' })).toThrow("'a code' is not the name of a purpose");
    for (const ticket of [undefined, -1, 1.5, '7'])
      expect(() => steps.issue({ ...STEP, ticket: ticket as never })).toThrow(
        'The ticket of a step is the number from',
      );
    expect(steps.read('code', steps.issue({ ...STEP, userId: 7 }).token).userId).toBe('7');
  });
});
