import { createHmac, type KeyObject } from 'node:crypto';
import { expect } from 'vitest';
import { AuthError, type RefusalReason } from '../../src/errors.js';
import { resolveOptions } from '../../src/options/resolve-options.js';
import type { TokenKind } from '../../src/tokens/claims.js';
import { KeySet } from '../../src/tokens/key-set.js';
import { TokenSigner, type TokenSubject } from '../../src/tokens/token-signer.js';
import { TokenVerifier } from '../../src/tokens/token-verifier.js';
import { DAY } from '../support/times.js';

/** What the tokens of these tests are made of. */
export const GUID = '6f3b2c1d-58a1-4c11-9d0e-7b6a5f4e3d2c';
export const GENERATION = 'the-generation-of-tesQ';
export const SECRET = 'a test secret of more than thirty-two bytes, kept in no vault';
export const NOW = Date.UTC(2026, 0, 1);
export const SECONDS = NOW / 1000;
export const ACCESS_TTL = 300;
export const REFRESH_TTL = 30 * 86_400;
export const KINDS: TokenKind[] = ['access', 'refresh'];
const { tokens: options } = resolveOptions({ secret: SECRET, issuer: 'the issuer', audience: 'the audience' });
export const keys = new KeySet(options.keys);
export const keyFor = (kind: TokenKind, of = keys): KeyObject => of.signingKey(kind).verifying;
export const keysOf = (secret: string): KeySet => new KeySet(resolveOptions({ secret }).tokens.keys);
export const signer = new TokenSigner(options, keys);
export const verifier = new TokenVerifier(options, keys);

export const SUBJECT: TokenSubject = {
  ...{ userId: 'ada', guid: GUID, refTokID: GENERATION, ticket: 7 },
  ...{ sessionEnd: NOW + 60 * DAY, custom: {} },
};

export const HEADER = { alg: 'HS256', typ: 'at+jwt' };

export const CLAIMS = {
  ...{ iss: 'the issuer', aud: 'the audience', sub: 'ada', guid: GUID, refTokID: GENERATION },
  ...{ iat: SECONDS, exp: SECONDS + ACCESS_TTL },
};

/** What to put in place of what a good token says. */
interface Forgery {
  /** As an object, as the text of a JSON part, or as its bytes. */
  header?: object | string | Buffer;
  payload?: object | string | Buffer;
  key?: KeyObject;
  hash?: string;
}

/** A token with a true signature over whatever it says. */
export function forge({ header = HEADER, payload = CLAIMS, key = keyFor('access'), hash = 'sha256' }: Forgery): string {
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`;
}

/** A part of a token. */
export function encode(part: object | string | Buffer): string {
  const bytes = typeof part === 'string' || Buffer.isBuffer(part) ? part : JSON.stringify(part);
  return Buffer.from(bytes as string).toString('base64url');
}

/** The claims with some of them changed; `undefined` leaves one out. */
export function claims(changed: Record<string, unknown>): object {
  return { ...CLAIMS, ...changed };
}

/** A JSON object whose member `name` has this text for a value, as JSON.stringify would not write it. */
export function claimsWith(name: keyof typeof CLAIMS, json: string): string {
  return JSON.stringify({ ...CLAIMS, [name]: 'here' }).replace('"here"', json);
}

/** A token in order but for its length. */
export function forgeOfLength(length: number): string {
  const room = length - forge({ payload: claims({ pad: '' }) }).length;
  for (let more = 0; more < 10; more++) {
    const token = forge({ payload: claims({ pad: 'x'.repeat((room >> 2) * 3 - 5 + more) }) });
    if (token.length === length) return token;
  }
  throw new Error(`no token has ${length} characters`);
}

/** Why a token is refused, or 'accepted'. Every refusal is an AuthError `invalid_token`, whatever was wrong. */
export function verdict(token: unknown, kind: TokenKind = 'access', now = NOW): RefusalReason | 'accepted' {
  try {
    verifier.verify(kind, token, now);
    return 'accepted';
  } catch (error) {
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toHaveProperty('code', 'invalid_token');
    return (error as AuthError).reason;
  }
}
