import { createHash } from 'node:crypto';
import { SECRET } from '../../support/app.js';
import type { Category } from '../support/case.js';
import { atEveryDoor, type TokenRow } from '../support/doors.js';
import { always, changed, derivedKey, hmac, type Signer } from '../support/forge.js';
import type { Specimen } from '../support/scene.js';

const NONE = ['none', 'None', 'NONE', 'nOnE', 'none ', '\u0000none', 'null'];
const OTHERS = ['HS1', 'HS384', 'HS512', 'RS256', 'ES256', 'ES256K', 'PS256', 'EdDSA', 'Ed25519', 'dir', 'A256KW'];
const NEAR = ['hs256', 'Hs256', 'HS256 ', ' HS256', 'HS256\u0000', 'HS-256', 'HS2560', 'HMACSHA256', ''];
const NO_TEXT: readonly unknown[] = [undefined, null, true, 0, 256, [], ['HS256'], {}, { HS256: true }];

const byHeader: TokenRow[] = [
  ...NONE.map(
    (alg): TokenRow => [`R2 alg ${JSON.stringify(alg)}, truly signed`, (it) => it.withMember({ alg }), 'wrong_header'],
  ),
  ...['none', 'None', 'NONE', 'nOnE'].map(
    (alg): TokenRow => [
      `R2 alg ${alg} and no signature`,
      (it) => it.withMember({ alg }, always([])),
      'malformed_token',
    ],
  ),
  ['R2 alg none and a signature of one byte', (it) => it.withMember({ alg: 'none' }, always([0])), 'wrong_header'],
  ['R2 alg none, and no type', (it) => it.withHeader({ alg: 'none' }), 'wrong_header'],
  ['R2 no signature under a good header', (it) => it.signedWith(always([])), 'malformed_token'],
  ...[...OTHERS, ...NEAR].map(
    (alg): TokenRow => [`R2 alg ${JSON.stringify(alg)}`, (it) => it.withMember({ alg }), 'wrong_header'],
  ),
  ...NO_TEXT.map(
    (alg): TokenRow => [`R2 alg ${JSON.stringify(alg)} (no text)`, (it) => it.withMember({ alg }), 'wrong_header'],
  ),
];

const byHash: TokenRow[] = ['sha1', 'sha384', 'sha512'].flatMap((hash): TokenRow[] => [
  [`R2 a signature by ${hash} under HS256`, (it) => it.signedWith(withHash(it, hash)), 'bad_signature'],
  [
    `R2 a signature by ${hash}, and a header that says so`,
    (it) => it.withMember({ alg: hash.replace('sha', 'HS') }, withHash(it, hash)),
    'wrong_header',
  ],
]);

const unsigned: TokenRow[] = [
  ['R2 the plain SHA-256 of what is signed', (it) => it.signedWith(digest), 'bad_signature'],
  ['R2 what is signed, as its own signature', (it) => it.signedWith((input) => input.subarray(0, 32)), 'bad_signature'],
  ['R2 zeros', (it) => it.signedWith(always(Buffer.alloc(32))), 'bad_signature'],
  ['R2 one bit off', (it) => it.signedWith(changed(it.sign, flip)), 'bad_signature'],
  ['R2 one byte short', (it) => it.signedWith(changed(it.sign, (bytes) => bytes.subarray(0, -1))), 'bad_signature'],
  [
    'R2 one byte long',
    (it) => it.signedWith(changed(it.sign, (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]))),
    'bad_signature',
  ],
  ['R2 the hex text of the signature', (it) => it.signedWith(changed(it.sign, hex)), 'bad_signature'],
  ['R2 the signature of another payload', withSignatureOfAnother, 'bad_signature'],
];

/** What algorithm a token names, and what signature it has, where a secret signs. */
export const algorithm: Category = { name: 'algorithm', cases: atEveryDoor([...byHeader, ...byHash, ...unsigned]) };

function withHash({ kind }: Specimen, hash: string): Signer {
  return hmac(derivedKey(SECRET, kind), hash);
}

function digest(input: Buffer): Buffer {
  return createHash('sha256').update(input).digest();
}

function flip(bytes: Buffer): Buffer {
  bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
  return bytes;
}

function hex(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('hex'));
}

function withSignatureOfAnother(it: Specimen): string {
  const [header, payload] = it.parts;
  return [header, payload, it.withClaims({ sub: 'another' }).split('.')[2]].join('.');
}
