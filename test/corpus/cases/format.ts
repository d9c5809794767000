import { createCipheriv, randomBytes } from 'node:crypto';
import { SECRET } from '../../support/app.js';
import { MAX_TOKEN_LENGTH } from '../../../src/tokens/compact-form.js';
import type { Category } from '../support/case.js';
import { atEveryDoor, type TokenRow } from '../support/doors.js';
import { derivedKey, encode } from '../support/forge.js';
import type { Specimen } from '../support/scene.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
type Text = (it: Specimen) => string;

/** A good token with something about it. */
const DRESSED: readonly (readonly [name: string, dress: Text])[] = [
  ['a line break after it', (it) => `${it.good}\n`],
  ['a line break before it', (it) => `\n${it.good}`],
  ['CRLF after it', (it) => `${it.good}\r\n`],
  ['a space after it', (it) => `${it.good} `],
  ['a space before it', (it) => ` ${it.good}`],
  ['a tab after it', (it) => `${it.good}\t`],
  ['NUL after it', (it) => `${it.good}\0`],
  ['NUL within', (it) => it.good.replace('.', '\0.')],
  ['a byte order mark', (it) => `\ufeff${it.good}`],
  ['a zero width space', (it) => `${it.good}\u200b`],
  ['a non-breaking space', (it) => `${it.good}\u00a0`],
  ['a line separator', (it) => `${it.good}\u2028`],
  ['a line break within', (it) => it.good.replace('.', '.\n')],
  ['a lone surrogate', (it) => `${it.good}\ud800`],
  ['a wide letter', (it) => it.good.replace(/e/, 'ｅ')],
  ['a quote on each side', (it) => `"${it.good}"`],
  ['angle brackets', (it) => `<${it.good}>`],
  ['its scheme', (it) => `Bearer ${it.good}`],
  ['a comma after it', (it) => `${it.good},`],
  ['itself after a comma', (it) => `${it.good},${it.good}`],
  ['itself after it', (it) => it.good + it.good],
  ['a fragment', (it) => `${it.good}#x`],
  ['a percent sign for a dot', (it) => it.good.replaceAll('.', '%2E')],
  ['a tilde after it', (it) => `${it.good}~`],
];

/** Other numbers of parts, and parts of other kinds. */
const PARTED: readonly (readonly [name: string, part: Text])[] = [
  ['nothing at all', () => '.'],
  ['one dot', () => '..'],
  ['three dots', () => '...'],
  ['its header alone', (it) => it.parts[0]],
  ['no signature', (it) => it.parts.slice(0, 2).join('.')],
  ['an empty signature', (it) => `${it.parts[0]}.${it.parts[1]}.`],
  ['an empty header', (it) => `.${it.parts[1]}.${it.parts[2]}`],
  ['an empty payload, detached', (it) => `${it.parts[0]}..${it.parts[2]}`],
  ['a dot after it', (it) => `${it.good}.`],
  ['a dot before it', (it) => `.${it.good}`],
  ['a fourth part', (it) => `${it.good}.${it.parts[2]}`],
  ['five parts of a JWS', (it) => `${it.good}.${it.parts[2]}.${it.parts[2]}`],
  ['five parts of a JWE, dir', (it) => jwe(it, { alg: 'dir', enc: 'A256GCM' })],
  ['five parts of a JWE that holds it', (it) => jwe(it, { alg: 'dir', enc: 'A256GCM', cty: 'JWT' })],
  ['JSON, flattened', (it) => JSON.stringify(flattened(it))],
  ['JSON, general', (it) => JSON.stringify({ payload: it.parts[1], signatures: [flattened(it)] })],
  ['the claims in plain', (it) => JSON.stringify(it.claims)],
  ['parts in hex', (it) => it.parts.map((part) => Buffer.from(part, 'base64url').toString('hex')).join('.')],
];

/** The same bytes written otherwise. */
const ENCODED: readonly (readonly [name: string, encode: Text])[] = [
  ['= after it', (it) => `${it.good}=`],
  ['== after it', (it) => `${it.good}==`],
  ['%3D after it', (it) => `${it.good}%3D`],
  ['= after each part', (it) => it.parts.map((part) => `${part}=`).join('.')],
  ['plain base64', (it) => it.parts.map((part) => Buffer.from(part, 'base64url').toString('base64')).join('.')],
  ['a + in the signature', (it) => `${it.good.slice(0, -2)}+${it.good.at(-1)}`],
  ['a / in the signature', (it) => `${it.good.slice(0, -2)}/${it.good.at(-1)}`],
  ['two letters more in the signature', (it) => `${it.good}AA`],
  ['spare bits in the signature', (it) => withPart(it, 2, spareBits(it.parts[2]))],
];

const spare: TokenRow[] = [
  ['R5 spare bits in the payload, truly signed', (it) => payloadText(it, spareBits), 'malformed_token'],
  ['R5 a payload with padding, truly signed', (it) => payloadText(it, (text) => `${text}=`), 'malformed_token'],
  ['R5 a payload of a length no bytes have', (it) => payloadText(it, (text) => odd(text)), 'malformed_token'],
  ['R5 a letter more in the signature', (it) => `${it.good}A`, 'bad_signature'],
  ['R5 a letter more in the header', (it) => withPart(it, 0, odd(it.parts[0])), 'wrong_header'],
  ['R5 the payload in capitals', (it) => withPart(it, 1, it.parts[1].toUpperCase()), 'malformed_token'],
  ['R5 R56 all parts of the header', (it) => [it.parts[0], it.parts[0], it.parts[0]].join('.'), 'bad_signature'],
  ['R56 one character too many', (it) => ofLength(it, MAX_TOKEN_LENGTH + 1), 'malformed_token', { good: longest }],
  ['R56 9 kB, truly signed', (it) => it.withClaims({ pad: 'x'.repeat(6_500) }), 'malformed_token'],
  ['R56 9 kB of dots', () => '.'.repeat(9_000), 'malformed_token'],
  ['R56 9 kB of one letter', () => 'A'.repeat(9_000), 'malformed_token'],
  ['R56 R58 3 kB of letters and a dot at the end', () => `${'a'.repeat(3_000)}.`, 'malformed_token'],
  ['R58 3 kB of short parts', () => 'a.'.repeat(1_500), 'malformed_token'],
];

/** Payloads that are no object of claims in strict UTF-8, all truly signed. */
const PAYLOADS: readonly (readonly [name: string, payload: (it: Specimen) => string | Buffer])[] = [
  ['null', () => 'null'],
  ['true', () => 'true'],
  ['a number', () => '42'],
  ['a text', () => '"claims"'],
  ['an array', () => '[]'],
  ['the claims in an array', (it) => JSON.stringify([it.claims])],
  ['a token', (it) => it.good],
  ['no JSON', () => 'claims'],
  ['half of it', (it) => JSON.stringify(it.claims).slice(0, -1)],
  ['JSON and more', (it) => `${JSON.stringify(it.claims)}{}`],
  ['a comma too many', (it) => JSON.stringify(it.claims).replace(/}$/, ',}')],
  ['a comment', (it) => `${JSON.stringify(it.claims)}//`],
  ['single quotes', (it) => JSON.stringify(it.claims).replaceAll('"', "'")],
  ['NUL after it', (it) => `${JSON.stringify(it.claims)}\0`],
  ['a byte order mark', (it) => `\ufeff${JSON.stringify(it.claims)}`],
  ['1,400 brackets, closed', () => '['.repeat(1_400) + ']'.repeat(1_400)],
  ['1,400 brackets', () => '['.repeat(1_400)],
  ['500 objects', () => '{"a":'.repeat(500)],
  ['UTF-16', (it) => Buffer.from(JSON.stringify(it.claims).slice(0, 200), 'utf16le')],
  ['a byte that is no UTF-8', (it) => withBytes(it, [0xff])],
  ['half a letter', (it) => withBytes(it, [0xc3, 0x28])],
  ['a surrogate in UTF-8', (it) => withBytes(it, [0xed, 0xa0, 0x80])],
  ['an overlong letter', (it) => withBytes(it, [0xc0, 0xae])],
  ['a letter beyond Unicode', (it) => withBytes(it, [0xf4, 0x90, 0x80, 0x80])],
  ['a raw line break in a text', (it) => withBytes(it, [0x0a])],
];

const malformed =
  (prefix: string) =>
  ([name, text]: readonly [string, Text]): TokenRow => [`${prefix} ${name}`, text, 'malformed_token'];

/** How a token is written. */
export const format: Category = {
  name: 'format',
  cases: atEveryDoor([
    ...DRESSED.map(malformed('R5 with')),
    ...PARTED.map(malformed('R5')),
    ...ENCODED.map(malformed('R5 with')),
    ...spare,
    ...PAYLOADS.map(([name, payload]) => malformed('R7 a payload of')([name, (it) => it.withPayload(payload(it))])),
  ]),
};

function withPart(it: Specimen, at: number, text: string): string {
  return it.parts.map((part, index) => (index === at ? text : part)).join('.');
}

/** The last letter changed in the bits that belong to no byte; a letter is added to a text that has none. */
function spareBits(text: string): string {
  if (text.length % 4 === 0) return `${text}A`;
  return text.slice(0, -1) + ALPHABET[ALPHABET.indexOf(text.at(-1) ?? '') ^ 1];
}

/** So many letters as no number of bytes has. */
function odd(text: string): string {
  return text + 'A'.repeat((5 - (text.length % 4)) % 4 || 4);
}

function payloadText(it: Specimen, spell: (text: string) => string): string {
  const signed = `${it.parts[0]}.${spell(it.parts[1])}`;
  return `${signed}.${it.sign(Buffer.from(signed)).toString('base64url')}`;
}

function withBytes(it: Specimen, bytes: readonly number[]): Buffer {
  const [before = '', after = ''] = JSON.stringify({ ...it.claims, note: '|' }).split('|');
  return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
}

function longest(it: Specimen): string {
  return ofLength(it, MAX_TOKEN_LENGTH);
}

/** A token in order but for its length. */
function ofLength(it: Specimen, length: number): string {
  const room = Math.floor(((length - it.withClaims({ pad: '' }).length) * 3) / 4);
  for (let pad = room - 4; pad < room + 4; pad++) {
    const token = it.withClaims({ pad: 'x'.repeat(pad) });
    if (token.length === length) return token;
  }
  // Three bytes are four letters: some lengths come with a longer name only.
  return it.withClaims({ pads: 'x'.repeat(room - 1) });
}

function flattened(it: Specimen): object {
  const [protectedHeader, payload, signature] = it.parts;
  return { protected: protectedHeader, payload, signature };
}

function jwe(it: Specimen, header: object): string {
  const [iv, aad] = [randomBytes(12), encode(header)];
  const cipher = createCipheriv('aes-256-gcm', derivedKey(SECRET, it.kind), iv).setAAD(Buffer.from(aad));
  const inside = 'cty' in header ? it.good : JSON.stringify(it.claims);
  const text = Buffer.concat([cipher.update(inside), cipher.final()]);
  return [aad, '', encode(iv), encode(text), encode(cipher.getAuthTag())].join('.');
}
