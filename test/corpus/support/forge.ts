import { constants, createHmac, createSecretKey, hkdfSync, type KeyObject, sign } from 'node:crypto';
import type { TokenKind } from '../../../src/tokens/claims.js';

/** A part of a token: as an object, as the text of its JSON, or as bytes. */
export type Part = object | string | Buffer;

/** Makes a signature over the first two parts of a token. */
export type Signer = (input: Buffer) => Buffer;

/** One part of a token in base64url. */
export function encode(part: Part): string {
  return bytesOf(part).toString('base64url');
}

/** The bytes a part stands for. */
export function bytesOf(part: Part): Buffer {
  if (Buffer.isBuffer(part)) return part;
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part));
}

/** A token in compact form, whatever it says and whoever signs it. */
export function forge(header: Part, payload: Part, signer: Signer): string {
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${signer(Buffer.from(signed)).toString('base64url')}`;
}

/** The key the library derives from a secret for one kind of token, written down a second time. */
export function derivedKey(secret: string, kind: TokenKind): KeyObject {
  const info = `nestjs-session-registry ${kind} token`;
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), info, 32)));
}

/** HS256, HS384 or HS512 with any key. */
export function hmac(key: KeyObject | Buffer | string, hash = 'sha256'): Signer {
  return (input) => createHmac(hash, key).update(input).digest();
}

/** RS256, RS384 or RS512. */
export function rsa(key: KeyObject, hash = 'sha256'): Signer {
  return (input) => sign(hash, input, key);
}

/** PS256. */
export function pss(key: KeyObject): Signer {
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return (input) => sign('sha256', input, { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST });
}

/** ES256, in the form of JWS or in DER. */
export function ecdsa(key: KeyObject, dsaEncoding: 'ieee-p1363' | 'der' = 'ieee-p1363', hash = 'sha256'): Signer {
  return (input) => sign(hash, input, { key, dsaEncoding });
}

/** EdDSA with Ed25519. */
export function eddsa(key: KeyObject): Signer {
  return (input) => sign(null, input, key);
}

/** The same signature for whatever is signed. */
export function always(signature: Buffer | readonly number[]): Signer {
  return () => Buffer.from(signature);
}

/** Another signer's signature, changed. */
export function changed(signer: Signer, change: (signature: Buffer) => Buffer): Signer {
  return (input) => change(signer(input));
}
