/** The longest user id, in UTF-16 units: what every database of the registry stores. */
export const MAX_USER_ID_LENGTH = 255;

/**
 * A user id as an app gives it: a text, a safe integer, a `BigInt`, or an id of MongoDB, which is taken as its hexadecimal
 * text. `1`, `1n` and `'1'` are the same user. It is a text in everything that this library stores, signs and tells.
 */
export type UserId = string | number | bigint | HexId;

/** An id that gives its own text, such as an `ObjectId` of MongoDB. */
export interface HexId {
  /** The id as a text of hexadecimal digits. */
  toHexString(): string;
}

const GUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/;
/** 128 bits in base64url; the last character has two bits to tell (RFC 4648 section 3.5). */
const GENERATION = /^[\w-]{21}[AQgw]$/;

/** Whether this is a user id in the form it is stored and signed in: a text every database takes, and compares exactly. */
export function isUserId(given: unknown): given is string {
  return (
    typeof given === 'string' &&
    given.length > 0 &&
    given.length <= MAX_USER_ID_LENGTH &&
    !given.includes('\0') &&
    given.isWellFormed()
  );
}

/**
 * A user id as one text: a text of 1 to 255 characters as it is, a safe integer or a BigInt in decimal digits, an id of
 * MongoDB in hexadecimal digits. Throws a TypeError that names the type of anything else, before it can be compared with
 * what it is not.
 */
export function userIdOf(given: unknown): string {
  const text = textOf(given);
  if (isUserId(text)) return text;
  throw new TypeError(
    `A user id is a text of 1 to ${MAX_USER_ID_LENGTH} characters, a BigInt, an ObjectId or a safe integer, and this is ` +
      `${nameOf(given)}. ` +
      'Give the `id` of one user, as `users.validateCredentials` resolves to it; for all users at once there is ' +
      '`SessionRegistry.revokeEverybody`.',
  );
}

/** Only what has one sound text: the `toString` of any other object may be the same for every user. */
function textOf(given: unknown): unknown {
  if (typeof given === 'bigint') return String(given);
  if (typeof given === 'number' && Number.isSafeInteger(given)) return String(given);
  return isHexId(given) ? given.toHexString() : given;
}

function isHexId(given: unknown): given is HexId {
  return (
    typeof given === 'object' && given !== null && 'toHexString' in given && typeof given.toHexString === 'function'
  );
}

/** Whether a text has the form of a session's name: a UUID in lower case (RFC 9562 section 4). */
export function isGuid(given: unknown): given is string {
  return typeof given === 'string' && GUID.test(given);
}

/** Whether a text has the form of a `refTokID`. */
export function isGeneration(given: unknown): given is string {
  return typeof given === 'string' && GENERATION.test(given);
}

/**
 * What kind of value this is, in words for an error, and nothing of what a text says: it may be a secret that came to the
 * wrong place.
 */
export function nameOf(given: unknown): string {
  if (typeof given === 'string') return nameOfText(given);
  if (typeof given === 'number') return `the number ${given}`;
  if (given === null || given === undefined) return String(given);
  if (Array.isArray(given)) return 'an array';
  return `${typeof given === 'object' ? 'an' : 'a'} ${typeof given}`;
}

function nameOfText(given: string): string {
  if (given === '') return 'an empty text';
  if (given.length > MAX_USER_ID_LENGTH) return `a text of ${given.length} characters`;
  if (given.includes('\0')) return 'a text with a NUL in it';
  return given.isWellFormed() ? 'a text' : 'a text with half a character (a lone surrogate) in it';
}
