import { createHash } from 'node:crypto';
import { type Attempt, badToken, type Case, type Category } from '../support/case.js';
import { type TokenRow, withKeyPairs } from '../support/doors.js';
import { always, changed, ecdsa, eddsa, hmac, pss, rsa, type Signer } from '../support/forge.js';
import { ED, ES, P384, RS, STRANGE_ED, STRANGE_ES, STRANGE_RS, textsOf } from '../support/keys.js';
import { bearer, getProfile } from '../support/request.js';
import type { Specimen } from '../support/scene.js';

/** The order of P-256: RFC 7518 section 3.4 knows no signature with a part of zero, or as large as this. */
const N = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
/** The order of Ed25519, little endian. */
const L = Buffer.from('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010', 'hex').toReversed();
const ZERO = Buffer.alloc(32);
const ONE = Buffer.concat([Buffer.alloc(31), Buffer.from([1])]);

const [rs, es, ed] = [rsa(RS.privateKey), ecdsa(ES.privateKey), eddsa(ED.privateKey)];
const byRS = (sign: Signer) => (it: Specimen) => it.by({ alg: 'RS256', kid: 'rs' }, sign);
const byES = (sign: Signer) => (it: Specimen) => it.by({ alg: 'ES256', kid: 'es' }, sign);
const byED = (sign: Signer) => (it: Specimen) => it.by({ alg: 'EdDSA', kid: 'ed' }, sign);

type Row = readonly [title: string, sign: Signer];

const signaturesOfRS: Row[] = [
  ['PS256 under RS256', pss(RS.privateKey)],
  ['SHA-512 under RS256', rsa(RS.privateKey, 'sha512')],
  ['the bare hash under RS256', (input) => rs(createHash('sha256').update(input).digest())],
  ['RS256 of another key', rsa(STRANGE_RS.privateKey)],
  ['RS256 of 1', always(Buffer.concat([Buffer.alloc(255), Buffer.from([1])]))],
  ['RS256 of 0', always(Buffer.alloc(256))],
  ['RS256 one byte short', changed(rs, (bytes) => bytes.subarray(0, -1))],
  ['RS256 with a zero before it', changed(rs, (bytes) => join([0], bytes))],
  ['RS256 twice over', changed(rs, (bytes) => join(bytes, bytes))],
];

const signaturesOfES: Row[] = [
  ['psychic: r = s = 0', always(join(ZERO, ZERO))],
  ['psychic: r = s = n', always(join(N, N))],
  ['psychic: r = 0, s = 1', always(join(ZERO, ONE))],
  ['psychic: r = 1, s = 0', always(join(ONE, ZERO))],
  ['psychic: r = s = 1', always(join(ONE, ONE))],
  ['psychic: two zeros in DER', always([48, 6, 2, 1, 0, 2, 1, 0])],
  ['ES256 in DER', ecdsa(ES.privateKey, 'der')],
  ['ES256 with r = n', changed(es, (bytes) => join(N, bytes.subarray(32)))],
  ['ES256 with s = n', changed(es, (bytes) => join(bytes.subarray(0, 32), N))],
  ['SHA-512 under ES256', ecdsa(ES.privateKey, 'ieee-p1363', 'sha512')],
  ['ES256 in 32 bytes', changed(es, (bytes) => bytes.subarray(0, 32))],
  ['ES256 in 63 bytes', changed(es, (bytes) => bytes.subarray(0, 63))],
  ['ES256 in 65 bytes', changed(es, (bytes) => join(bytes, [0]))],
  ['ES256 in 66 bytes', changed(es, (bytes) => join([0], bytes.subarray(0, 32), [0], bytes.subarray(32)))],
  ['ES256 of another key', ecdsa(STRANGE_ES.privateKey)],
  ['ES384 under ES256', ecdsa(P384.privateKey, 'ieee-p1363', 'sha384')],
];

const signaturesOfED: Row[] = [
  ['EdDSA of zeros', always(Buffer.alloc(64))],
  ['EdDSA of the neutral point and zero', always(join([1], Buffer.alloc(63)))],
  ['EdDSA with S + L', changed(ed, plusL)],
  ['EdDSA in 63 bytes', changed(ed, (bytes) => bytes.subarray(0, 63))],
  ['EdDSA in 65 bytes', changed(ed, (bytes) => join(bytes, [0]))],
  ['EdDSA over the hash', (input) => ed(createHash('sha512').update(input).digest())],
  ['EdDSA of another key', eddsa(STRANGE_ED.privateKey)],
];

/** One key's signature in the name of another, and of another algorithm. */
const misnamed: TokenRow[] = (
  [
    ['RS512', 'rs', rsa(RS.privateKey, 'sha512')],
    ['PS256', 'rs', pss(RS.privateKey)],
    ['ES256', 'rs', rs],
    ['RS256', 'es', es],
    ['ES384', 'es', es],
    ['ES256', 'ed', ed],
    ['Ed25519', 'ed', ed],
    ['RS256', 'old', rs],
    ['ES256', undefined, es],
  ] as const
).map(([alg, kid, sign]) => [
  `R2 R11 the key ${kid} as one for ${alg}`,
  (it) => it.by({ alg, kid }, sign),
  'wrong_header',
  { only: 'access' },
]);

const crossed: TokenRow[] = [
  ['R11 signed by es in the name of rs', byRS(es), 'bad_signature', { only: 'access' }],
  ['R11 signed by ed in the name of es', byES(ed), 'bad_signature', { only: 'access' }],
  ['R11 signed by rs in the name of ed', byED(rs), 'bad_signature', { only: 'access' }],
  [
    'R10 a refresh token signed by rs',
    (it) => it.by({ alg: 'RS256', kid: 'rs' }, rs),
    'wrong_header',
    { only: 'refresh' },
  ],
];

/** A public key taken for a secret (RFC 8725 section 2.1). */
const confused: TokenRow[] = (
  [
    ['rs', 'RS256', RS.publicKey],
    ['es', 'ES256', ES.publicKey],
    ['ed', 'EdDSA', ED.publicKey],
  ] as const
).flatMap(([kid, alg, key]) => textsOf(key).flatMap(([name, bytes]) => confusion(kid, alg, name, bytes)));

/** What signature a token has, where pairs of keys sign. */
export const keyPairs: Category = {
  name: 'key pairs',
  cases: [
    ...withKeyPairs([
      ...signaturesOfRS.map(badSignature(byRS, rs)),
      ...signaturesOfES.map(badSignature(byES, es)),
      ...signaturesOfED.map(badSignature(byED, ed)),
      ...[...misnamed, ...crossed, ...confused],
    ]),
    otherHalf(),
  ],
};

function badSignature(by: typeof byRS, sign: Signer): (row: Row) => TokenRow {
  return ([title, bad]) => [`R2 ${title}`, by(bad), 'bad_signature', { only: 'access', good: by(sign) }];
}

function confusion(kid: string, alg: string, name: string, bytes: Buffer): TokenRow[] {
  const sign = hmac(bytes);
  return [
    [`R2 HS256 with the ${name} of ${kid}, named`, (it) => it.by({ alg: 'HS256', kid }, sign), 'wrong_header'],
    [`R2 HS256 with the ${name} of ${kid}, nameless`, (it) => it.by({ alg: 'HS256' }, sign), 'bad_signature'],
    [
      `R2 HS256 with the ${name} of ${kid}, as ${alg}`,
      (it) => it.by({ alg, kid }, sign),
      'bad_signature',
      { only: 'access' },
    ],
  ];
}

/** Of an ECDSA signature there are two, and whoever sees one can write the other. Nothing here goes by a token's text. */
function otherHalf(): Case {
  const mirrored = changed(es, (bytes) => join(bytes.subarray(0, 32), minus(N, bytes.subarray(32))));
  const send =
    (sign: Signer): Attempt['send'] =>
    (scene) =>
      getProfile(bearer(byES(sign)(scene.specimen('access'))));
  const attempt = { at: 'the guard', app: 'keys' } as const;
  return {
    title: 'R29 ES256 with n - s is the same token, and signed out with it',
    attempts: [
      { ...attempt, send: send(es), answer: { status: 200 } },
      { ...attempt, send: send(mirrored), answer: { status: 200 } },
      {
        ...attempt,
        send: async (scene) => {
          await scene.stage.app.registry.revoke(scene.userId, scene.guid);
          return send(mirrored)(scene);
        },
        answer: badToken('session_ended'),
      },
    ],
  };
}

function join(...parts: (Buffer | readonly number[])[]): Buffer {
  return Buffer.concat(parts.map((part) => Buffer.from(part as Buffer)));
}

function plusL(signature: Buffer): Buffer {
  const sum = number(signature.subarray(32).toReversed()) + number(L);
  return join(signature.subarray(0, 32), [...bytesOf(sum).toReversed()]);
}

function minus(one: Buffer, other: Buffer): Buffer {
  return bytesOf(number(one) - number(other));
}

function number(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function bytesOf(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
}
