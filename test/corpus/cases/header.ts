import type { KeyObject } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { TOKEN_TYPES } from '../../../src/tokens/claims.js';
import type { Category } from '../support/case.js';
import { atEveryDoor, type TokenRow } from '../support/doors.js';
import { encode, forge, hmac, rsa } from '../support/forge.js';
import { STRANGE_RS as OWN, pem } from '../support/keys.js';
import type { Specimen } from '../support/scene.js';

const OWN_SECRET = Buffer.alloc(32, 7);
const jwk = (key: KeyObject): object => ({ ...key.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: 'own' });
const oct = { kty: 'oct', k: OWN_SECRET.toString('base64url') };

const TYPES: readonly unknown[] = [
  ...['JWT', 'jwt', 'AT+JWT', 'At+Jwt', 'at+jwt ', ' at+jwt', 'application/at+jwt', 'at+jwt\u0000', 'id+jwt'],
  ...['logout+jwt', 'at', 'rt', '', undefined, null, true, 1, [], ['at+jwt'], {}],
];
const CRITICAL: readonly unknown[] = [['exp'], ['b64'], ['alg'], ['http://example.com/x'], [], [1], null, 'exp', {}];

/** A key, or where to get one, brought along. Each is signed by it and by the app's own. */
const BROUGHT: readonly (readonly [name: string, members: (it: Specimen) => object])[] = [
  ['a jwk of RSA', () => ({ alg: 'RS256', jwk: jwk(OWN.publicKey) })],
  ['a jwk of RSA and a kid', () => ({ alg: 'RS256', kid: 'own', jwk: jwk(OWN.publicKey) })],
  ['a jku', (it) => ({ alg: 'RS256', jku: `${it.trap}/jwks.json`, kid: 'own' })],
  ['a jku beneath the issuer', (it) => ({ alg: 'RS256', jku: `${it.trap}#https://issuer.example/`, kid: 'own' })],
  ['an x5u', (it) => ({ alg: 'RS256', x5u: `${it.trap}/key.pem` })],
  ['an x5c', () => ({ alg: 'RS256', x5c: [pem(OWN.publicKey).split('\n').slice(1, -2).join('')] })],
  ['an x5t', () => ({ alg: 'RS256', x5t: 'AAAA', 'x5t#S256': 'AAAA' })],
  ['a jku as issuer of keys', (it) => ({ alg: 'RS256', iss: it.trap, jku: [`${it.trap}/a`, `${it.trap}/b`] })],
];

const written = (it: Specimen): string => JSON.stringify(it.header);

/** The header's own text, written as a signer does not write it. */
const SPELLINGS: readonly (readonly [name: string, spell: (it: Specimen) => string | Buffer])[] = [
  ['its members in another order', (it) => JSON.stringify(Object.fromEntries(Object.entries(it.header).toReversed()))],
  ['spaces', (it) => written(it).replaceAll(':', ': ')],
  ['a space before it', (it) => ` ${written(it)}`],
  ['a line break after it', (it) => `${written(it)}\n`],
  ['NUL after it', (it) => `${written(it)}\u0000`],
  ['a byte order mark', (it) => `\ufeff${written(it)}`],
  ['an escaped letter', (it) => written(it).replace('jwt', 'jw\\u0074')],
  ['a second alg after the first', (it) => written(it).replace('}', ',"alg":"none"}')],
  ['a second alg before the first', (it) => written(it).replace('{', '{"alg":"none",')],
  ['a second typ', (it) => written(it).replace('{', `{"typ":"${TOKEN_TYPES[it.otherKind]}",`)],
  ['a trailing comma', (it) => written(it).replace('}', ',}')],
  ['a comment', (it) => `${written(it)}/**/`],
  ['its members behind __proto__', (it) => `{"__proto__":${written(it)}}`],
  ['its members in an array', (it) => `[${written(it)}]`],
  ['its members in a text', (it) => JSON.stringify(written(it))],
  ['null', () => 'null'],
  ['a number', () => '1'],
  ['an empty object', () => '{}'],
  ['no JSON', () => 'header'],
  ['bytes that are no UTF-8', () => Buffer.from([0xc3, 0x28, 0xff])],
  ['UTF-16', (it) => Buffer.from(written(it), 'utf16le')],
  ['5,000 brackets', () => '['.repeat(2_000)],
];

const extended: TokenRow[] = [
  ...TYPES.map(
    (typ): TokenRow => [`R1 the typ ${JSON.stringify(typ)}`, (it) => it.withMember({ typ }), 'wrong_header'],
  ),
  ['R1 the typ of the other kind', (it) => it.withMember({ typ: TOKEN_TYPES[it.otherKind] }), 'wrong_header'],
  ...CRITICAL.map(
    (crit): TokenRow => [`R6 crit ${JSON.stringify(crit)}`, (it) => it.withMember({ crit }), 'wrong_header'],
  ),
  ['R6 crit b64 and b64', (it) => it.withMember({ crit: ['b64'], b64: true }), 'wrong_header'],
  ['R5 R6 b64 false: a payload that is not encoded', unencoded, 'malformed_token'],
  [
    'R5 R6 b64 false: a payload that looks encoded',
    (it) => it.withMember({ crit: ['b64'], b64: false }),
    'wrong_header',
  ],
  ['R6 zip', (it) => forge({ ...it.header, zip: 'DEF' }, deflated(it), it.sign), 'malformed_token'],
  ['R6 zip under a good header', (it) => it.withPayload(deflated(it)), 'malformed_token'],
  ['R5 a nested JWT', (it) => forge({ ...it.header, cty: 'JWT' }, it.good, it.sign), 'malformed_token'],
  [
    'R5 a nested JWT, quoted',
    (it) => forge({ ...it.header, cty: 'JWT' }, JSON.stringify(it.good), it.sign),
    'malformed_token',
  ],
  ['R6 cty', (it) => it.withMember({ cty: 'JWT' }), 'wrong_header'],
  ['R6 a jwk of the secret that signed it', (it) => it.withMember({ jwk: oct }, hmac(OWN_SECRET)), 'wrong_header'],
  ['R6 enc, as a JWE has it', (it) => it.withMember({ enc: 'A128GCM' }), 'wrong_header'],
  ['R6 claims in the header', (it) => it.withMember({ iss: it.claims.iss, sub: it.claims.sub }), 'wrong_header'],
  ['R6 an unknown member', (it) => it.withMember({ x: 1 }), 'wrong_header'],
  ['R7 a header within a header', (it) => it.withHeader({ header: it.header }), 'wrong_header'],
];

const brought: TokenRow[] = BROUGHT.flatMap(([name, members]): TokenRow[] => [
  [`R6 R12 ${name}, signed by that key`, (it) => it.withMember(members(it), rsa(OWN.privateKey)), 'wrong_header'],
  [`R6 R12 ${name}, truly signed`, (it) => it.withMember({ ...members(it), alg: it.header.alg }), 'wrong_header'],
]);

const spelled: TokenRow[] = SPELLINGS.map(([name, spell]) => [
  `R7 a header with ${name}`,
  (it) => it.withHeader(spell(it)),
  'wrong_header',
]);

/** What else a header may say, and how. */
export const header: Category = { name: 'header', cases: atEveryDoor([...extended, ...brought, ...spelled]) };

/** RFC 7797: the payload stands in the token as it is. */
function unencoded(it: Specimen): string {
  const signed = `${encode({ ...it.header, crit: ['b64'], b64: false })}.${JSON.stringify(it.claims)}`;
  return `${signed}.${it.sign(Buffer.from(signed)).toString('base64url')}`;
}

function deflated(it: Specimen): Buffer {
  return deflateRawSync(JSON.stringify(it.claims));
}
