import { createHmac, sign, timingSafeEqual, verify } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import type { KeyAlgorithm } from '../options/keys/key-option.js';
import type { CompactToken } from './compact-form.js';
import type { TokenKey } from './key-set.js';

/** The hash of each algorithm; Ed25519 includes its own. */
const HASHES = { RS256: 'sha256', ES256: 'sha256', EdDSA: null } as const satisfies Partial<
  Record<KeyAlgorithm, unknown>
>;
const jwt = new JwtService();

/** Signs claims as a JWS in compact form (RFC 7515 section 7.1). */
export function signJws({ header, signing }: TokenKey, claims: object): string {
  if (!signing) throw new TypeError(`The key '${header.kid}' has no private half to sign with.`);
  if (header.alg !== 'EdDSA') return jwt.sign(claims, { privateKey: signing, algorithm: header.alg, header });
  // @nestjs/jwt does not support RFC 8037.
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${sign(null, Buffer.from(signed), signing).toString('base64url')}`;
}

/**
 * Whether the signature of a token was made with this key (RFC 7515 section 5.2). Uses Node's own functions: a JWT
 * library would split the token a second time, on every request.
 */
export function verifyJws({ header, verifying }: TokenKey, { signed, signature }: CompactToken): boolean {
  const given = Buffer.from(signature, 'base64url');
  if (header.alg === 'HS256') {
    const expected = createHmac('sha256', verifying).update(signed).digest();
    return expected.length === given.length && timingSafeEqual(expected, given);
  }
  // RFC 7518 section 3.4: the two numbers of ECDSA are concatenated, not DER-encoded.
  const key = { key: verifying, dsaEncoding: 'ieee-p1363' } as const;
  return verify(HASHES[header.alg], Buffer.from(signed), key, given);
}
