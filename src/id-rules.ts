/** The longest user id, in UTF-16 units: what every database of the registry stores. */
export const MAX_USER_ID_LENGTH = 255;

/** A user id as an app gives it; `1` and `'1'` are the same user. */
export type UserId = string | number;

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
 * A user id as one text: a text of 1 to 255 characters as it is, a safe integer in decimal digits. Throws a TypeError
 * that names the type of anything else, before it can be compared with what it is not.
 */
export function userIdOf(given: unknown): string {
  const text = typeof given === 'number' && Number.isSafeInteger(given) ? String(given) : given;
  if (isUserId(text)) return text;
  throw new TypeError(
    `A user id is a text of 1 to ${MAX_USER_ID_LENGTH} characters or a safe integer, and this is ${nameOf(given)}. ` +
      'Give the `id` of one user, as `users.validateCredentials` resolves to it; for all users at once there is ' +
      '`SessionRegistry.revokeEverybody`.',
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

/** What is wrong with it, and nothing of what it says: an id may be a secret that came to the wrong place. */
function nameOf(given: unknown): string {
  if (typeof given === 'string') return nameOfText(given);
  if (typeof given === 'number') return `the number ${given}`;
  if (given === null || given === undefined) return String(given);
  if (Array.isArray(given)) return 'an array';
  return `${typeof given === 'object' ? 'an' : 'a'} ${typeof given}`;
}

function nameOfText(given: string): string {
  if (given === '') return 'an empty text';
  if (given.length > MAX_USER_ID_LENGTH) return `a text of ${given.length} characters`;
  return given.includes('\0') ? 'a text with a NUL in it' : 'a text with half a character (a lone surrogate) in it';
}
