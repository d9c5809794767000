import { nameOf } from '../id-rules.js';
import { withoutReserved } from './claims.js';

/** Space for the app's claims in a token of at most 4,096 characters, next to the longest user id. */
const MAX_CUSTOM_BYTES = 2_048;

/**
 * The app's claims as they are written to a token, checked before a session is opened for it. Throws a TypeError for what
 * is not an object that JSON can write, and a RangeError if it would make the token longer than a verifier reads.
 */
export function boundClaims(given: unknown): Record<string, unknown> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw notAnObject(given);
  const own = withoutReserved(given);
  const length = Buffer.byteLength(written(own));
  if (length <= MAX_CUSTOM_BYTES) return own;
  throw tooMany(own, length);
}

function written(claims: Record<string, unknown>): string {
  return `{${Object.entries(claims).map(([name, value]) => `${JSON.stringify(name)}:${jsonOf(name, value)}`)}}`;
}

/** JSON would leave out a function without a word, and name no claim for what it cannot write. */
function jsonOf(name: string, value: unknown): string {
  const problem = `The claim \`${name}\` that the option \`claims\` returned is ${nameOf(value)}`;
  const mend = 'Give a text, a number, or an object of these, such as `String(value)`.';
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw new TypeError(`${problem}, which JSON cannot write. ${mend}`);
  }
  try {
    return JSON.stringify(value) ?? 'null';
  } catch (cause) {
    const [why] = String(cause instanceof Error ? cause.message : cause).split('\n');
    throw new TypeError(`${problem}, which JSON cannot write (${why}). ${mend}`, { cause });
  }
}

function notAnObject(given: unknown): TypeError {
  return new TypeError(
    `The option \`claims\` has to return an object, and this is ${nameOf(given)}. ` +
      'Write `claims: (user) => ({ role: user.role })`, with brackets around the object, and `{}` for no claims.',
  );
}

function tooMany(claims: Record<string, unknown>, length: number): RangeError {
  const sizes = Object.entries(claims).map(([name, value]) => ({ name, value, size: jsonOf(name, value).length }));
  const [largest] = sizes.sort((a, b) => b.size - a.size);
  const most = largest ? ` The largest is \`${largest.name}\`, ${nameOf(largest.value)}.` : '';
  return new RangeError(
    `The option \`claims\` returned ${length} bytes of JSON, but a token has room for ${MAX_CUSTOM_BYTES}.${most} ` +
      'Put less into the claims and look the rest up by `userId`.',
  );
}
