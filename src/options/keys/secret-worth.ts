/** As much of a secret as is looked at. */
const MAX_LOOKED_AT = 2_048;
/** The shortest piece that is taken for a known one: shorter ones come in random texts, too. */
const MIN_PIECE = 4;
const KNOWN_ROWS = [
  ...['qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'qwertzuiop', 'yxcvbnm', 'azertyuiop', 'qsdfghjklm', 'wxcvbn'],
  ...['1234567890', '!@#$%^&*()', '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/'],
];
const ROWS = [...KNOWN_ROWS, ...KNOWN_ROWS.map((row) => [...row].reverse().join(''))].join('\n');
/** Classes of printable ASCII and their sizes. */
const CLASSES: readonly (readonly [RegExp, number])[] = [
  [/[a-z]/, 26],
  [/[A-Z]/, 26],
  [/\d/, 10],
  [/[^a-zA-Z\d]/, 33],
];

/**
 * The bits a secret has at most, if every character of it was drawn: those of its length and of the kinds of characters
 * in it, as it stands.
 */
export function drawnBits(secret: Buffer): number {
  return secret.length * bitsOfOne(secret);
}

/**
 * The bits that are left for an attacker who begins with the usual: pieces that come again (also backwards or in the other
 * case), sequences and rows of a keyboard count as little as it takes to name them. A random secret keeps what it has but
 * for a few bits. Does not count further than to `enough`.
 */
export function guessedBits(secret: Buffer, enough = Number.POSITIVE_INFINITY): number {
  const looked = secret.subarray(0, MAX_LOOKED_AT);
  const text = looked.toString('latin1').toLowerCase();
  const [one, piece] = [bitsOfOne(looked), bitsOfPiece(text.length)];
  let bits = 0;
  for (let at = 0; at < text.length && bits < enough; ) {
    const length = longestPiece(text, at);
    const isPiece = length >= MIN_PIECE && length * one > piece;
    bits += isPiece ? piece : one;
    at += isPiece ? length : 1;
  }
  return bits;
}

/** The length of the shortest piece that the whole is a repetition of; its own where it is none. Case does not count. */
export function periodOf(secret: Buffer): number {
  const text = secret.toString('latin1').toLowerCase();
  // The borders of each beginning, as Knuth, Morris and Pratt find them: in one pass.
  const borders = new Array<number>(text.length).fill(0);
  for (let at = 1, border = 0; at < text.length; at++) {
    while (border > 0 && text[at] !== text[border]) border = borders[border - 1] ?? 0;
    if (text[at] === text[border]) border += 1;
    borders[at] = border;
  }
  return text.length - (borders.at(-1) ?? 0);
}

/** What one character tells, if all of its kind are as likely. Few different ones in a long secret are a kind of their own. */
function bitsOfOne(secret: Buffer): number {
  const distinct = new Set(secret).size;
  const size = kindOf(secret.toString('latin1'));
  const isFew = distinct * 4 < secret.length && distinct * 2 < size;
  return Math.log2(isFew ? distinct : size);
}

function kindOf(text: string): number {
  if (/[^\x20-\x7e]/.test(text)) return 256;
  if (/^(?:[\da-f]+|[\dA-F]+)$/.test(text) && !/^\d+$/.test(text)) return 16;
  return CLASSES.reduce((size, [kind, more]) => size + (kind.test(text) ? more : 0), 0);
}

/** Naming a piece: where it comes from, and how long it is. */
function bitsOfPiece(length: number): number {
  return Math.log2(length + 1) + 4;
}

function longestPiece(text: string, at: number): number {
  return Math.max(sequenceAt(text, at), rowAt(text, at), repeatAt(text, at));
}

/** How far characters go up, down or stand still by one step. */
function sequenceAt(text: string, at: number): number {
  const step = text.charCodeAt(at + 1) - text.charCodeAt(at);
  if (Number.isNaN(step)) return 1;
  let end = at + 1;
  while (end < text.length && text.charCodeAt(end) - text.charCodeAt(end - 1) === step) end += 1;
  return end - at;
}

function rowAt(text: string, at: number): number {
  return longest(text, at, (piece) => ROWS.includes(piece));
}

function repeatAt(text: string, at: number): number {
  const before = text.slice(0, at);
  const backwards = [...before].reverse().join('');
  return longest(text, at, (piece) => before.includes(piece) || backwards.includes(piece));
}

/** The length of the longest piece from here that is known; pieces of a known one are known. */
function longest(text: string, at: number, isKnown: (piece: string) => boolean): number {
  let length = MIN_PIECE;
  while (at + length <= text.length && isKnown(text.slice(at, at + length))) length += 1;
  return length - 1;
}
