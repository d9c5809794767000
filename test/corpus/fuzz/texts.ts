import fc, { type Arbitrary } from 'fast-check';

const ALPHABET = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];
const MARKS = [...'.=+/~ ,;:"\'%&?#\\{}[]<>@!*', '\t', '\u00a0', '\u00ff', '\u0080'];

/** Any one byte as a character. */
export const byte: Arbitrary<string> = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));

/** Any bytes as characters, as a header is read. */
export const bytes: Arbitrary<string> = fc.string({ unit: byte, maxLength: 60 });

/** A character a token is likely to be changed by. */
const character = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...ALPHABET) },
  { weight: 3, arbitrary: fc.constantFrom(...MARKS) },
  { weight: 1, arbitrary: byte },
);

type Change = (text: string) => string;

const place = fc.nat({ max: 1_000_000 });
const at = (text: string, where: number): number => (text.length === 0 ? 0 : where % (text.length + 1));

/** One change to a text: a character flipped, put in or taken out, a stretch doubled, cut or turned. */
const change: Arbitrary<Change> = fc.oneof(
  fc.tuple(place, character).map(
    ([where, sign]): Change =>
      (text) =>
        splice(text, at(text, where), 1, sign),
  ),
  fc.tuple(place, character).map(
    ([where, sign]): Change =>
      (text) =>
        splice(text, at(text, where), 0, sign),
  ),
  // Where the spare bits are, and where a trim would begin.
  character.map(
    (sign): Change =>
      (text) =>
        text.slice(0, -1) + sign,
  ),
  character.map(
    (sign): Change =>
      (text) =>
        text + sign,
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 40 })).map(([where, count]): Change => {
    return (text) => splice(text, at(text, where), count, '');
  }),
  fc.tuple(place, place).map(
    ([from, to]): Change =>
      (text) =>
        text.slice(at(text, from), at(text, to) || undefined),
  ),
  fc.tuple(place, place).map(([from, to]): Change => {
    return (text) => text.slice(0, at(text, from)) + text.slice(at(text, to));
  }),
  fc.constantFrom<Change>(
    (text) => text + text,
    (text) => text.toUpperCase(),
    (text) => [...text].toReversed().join(''),
    (text) => ` ${text}`,
    (text) => `${text}\0`,
    (text) => encodeURIComponent(text.toWellFormed()),
  ),
);

/** A text with a few changes. */
export function mutated(text: string): Arbitrary<string> {
  return fc
    .array(change, { minLength: 1, maxLength: 4 })
    .map((changes) => changes.reduce((now, next) => next(now), text));
}

const recoded: Arbitrary<Change> = fc.constantFrom<Change>(
  (part) => Buffer.from(part, 'base64url').toString('base64'),
  (part) => Buffer.from(part, 'base64url').toString('hex'),
  (part) => Buffer.from(part).toString('base64url'),
  (part) => Buffer.from(part, 'base64url').toString('latin1'),
  (part) => `${part}=`,
  (part) => part.slice(0, -1),
);

/** A token made of the parts of good ones, and of parts that are none: swapped, encoded anew, left out, made up. */
export function assembled(tokens: readonly string[]): Arbitrary<string> {
  const parts = tokens.flatMap((token) => token.split('.'));
  const own = fc.constantFrom(...parts);
  const json = fc.json({ maxDepth: 2 }).map((text) => Buffer.from(text).toString('base64url'));
  const part = fc.oneof(
    { weight: 4, arbitrary: own },
    { weight: 2, arbitrary: fc.tuple(own, recoded).map(([text, recode]) => recode(text)) },
    { weight: 2, arbitrary: own.chain(mutated) },
    { weight: 2, arbitrary: json },
    { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...ALPHABET), maxLength: 200 }) },
    { weight: 1, arbitrary: fc.constant('') },
  );
  const three = fc.array(part, { minLength: 3, maxLength: 3 });
  return fc.oneof({ weight: 4, arbitrary: three }, fc.array(part, { maxLength: 6 })).map((all) => all.join('.'));
}

/** A text that may be taken for one of these tokens. */
export function tokenLike(tokens: readonly string[]): Arbitrary<string> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...tokens).chain(mutated) },
    { weight: 4, arbitrary: assembled(tokens) },
    { weight: 1, arbitrary: bytes },
  );
}

function splice(text: string, where: number, count: number, put: string): string {
  return text.slice(0, where) + put + text.slice(where + count);
}
