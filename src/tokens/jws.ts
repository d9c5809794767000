import { sign, verify } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import type { TokenKey } from './key-set.js';

/** Claims are judged elsewhere, and times by the one clock. */
const SIGNATURE_ONLY = { ignoreExpiration: true, ignoreNotBefore: true };
const jwt = new JwtService();

/** Signs claims as a JWS in compact form (RFC 7515 section 7.1). */
export function signJws({ header, signing }: TokenKey, claims: object): string {
  if (!signing) throw new TypeError(`The key '${header.kid}' has no private half to sign with.`);
  if (header.alg !== 'EdDSA') return jwt.sign(claims, { privateKey: signing, algorithm: header.alg, header });
  // @nestjs/jwt does not know RFC 8037.
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${sign(null, Buffer.from(signed), signing).toString('base64url')}`;
}

/** Throws unless the signature of a token in compact form is this key's. */
export function verifyJws({ header, verifying }: TokenKey, token: string): void {
  if (header.alg === 'EdDSA') verifyEdDSA(token, verifying);
  // @nestjs/jwt types the key as text; a text costs fifty times as much as the imported key.
  else jwt.verify(token, { ...SIGNATURE_ONLY, publicKey: verifying as unknown as Buffer, algorithms: [header.alg] });
}

function verifyEdDSA(token: string, key: TokenKey['verifying']): void {
  const end = token.lastIndexOf('.');
  const signature = Buffer.from(token.slice(end + 1), 'base64url');
  if (!verify(null, Buffer.from(token.slice(0, end)), key, signature)) throw new Error('invalid signature');
}
