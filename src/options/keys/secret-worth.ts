/** How much of a secret is examined. */
const MAX_LOOKED_AT = 2_048;
/** The shortest piece that counts as a repetition: shorter ones occur in random texts, too. */
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
 * The most bits a secret can have, if every character of it was drawn at random: from its length and the kinds of
 * characters in it.
 */
export function drawnBits(secret: Buffer): number {
  return secret.length * bitsOfOne(secret);
}

/**
 * The bits that remain against an attacker who tries the usual patterns first: repeated pieces (also backwards or in
 * the other case), sequences and rows of a keyboard count only for what it takes to name them. A random secret keeps
 * all but a few of its bits. Does not count beyond `enough`.
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

/**
 * The length of the shortest piece of which the whole is a repetition; its own length if there is none. Ignores case.
 */
export function periodOf(secret: Buffer): number {
  const text = secret.toString('latin1').toLowerCase();
  // The borders of each prefix, found in one pass with the algorithm of Knuth, Morris and Pratt.
  const borders = new Array<number>(text.length).fill(0);
  for (let at = 1, border = 0; at < text.length; at++) {
    while (border > 0 && text[at] !== text[border]) border = borders[border - 1] ?? 0;
    if (text[at] === text[border]) border += 1;
    borders[at] = border;
  }
  return text.length - (borders.at(-1) ?? 0);
}

/**
 * The bits of one character, if all of its kind are equally likely. A long secret with few different characters has a
 * kind of its own.
 */
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

/** The bits it takes to name a piece: where it comes from, and how long it is. */
function bitsOfPiece(length: number): number {
  return Math.log2(length + 1) + 4;
}

function longestPiece(text: string, at: number): number {
  return Math.max(sequenceAt(text, at), rowAt(text, at), repeatAt(text, at));
}

/** How far characters go up, go down or stay the same, one step at a time. */
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

/** The length of the longest known piece that starts here; pieces of a known piece are known, too. */
function longest(text: string, at: number, isKnown: (piece: string) => boolean): number {
  let length = MIN_PIECE;
  while (at + length <= text.length && isKnown(text.slice(at, at + length))) length += 1;
  return length - 1;
}
