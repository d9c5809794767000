import { AssertionError, deepStrictEqual, notDeepStrictEqual, ok } from 'node:assert/strict';

export { ok };

/** Fails where the two differ. A member that is undefined counts as one that is not there. */
export function equal(actual: unknown, expected: unknown): void {
  deepStrictEqual(defined(actual), defined(expected));
}

/** Fails where the two are the same. */
export function differ(actual: unknown, other: unknown): void {
  notDeepStrictEqual(defined(actual), defined(other));
}

/** Fails where a member of what is expected is another one in what there is. */
export function matches(actual: unknown, expected: unknown): void {
  deepStrictEqual(picked(defined(actual), defined(expected)), defined(expected));
}

/** Fails where the attempt does not. */
export async function fails(attempt: Promise<unknown>): Promise<void> {
  const outcome = await attempt.then(
    (given) => ({ given }),
    () => 'failed' as const,
  );
  if (outcome !== 'failed') throw new AssertionError({ message: 'It should reject', actual: outcome.given });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function defined(value: unknown): unknown {
  // Not `map`: a native module may give arrays of another realm, and those differ by their prototype.
  if (Array.isArray(value)) return Array.from(value, defined);
  if (!isObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, defined(member)]));
}

/** Those members of a value that another one has too. */
function picked(value: unknown, other: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(other)) return value.map((member, at) => picked(member, other[at]));
  if (!isObject(value) || !isObject(other)) return value;
  const members = Object.entries(value).filter(([name]) => name in other);
  return Object.fromEntries(members.map(([name, member]) => [name, picked(member, other[name])]));
}
