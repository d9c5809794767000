import { AssertionError, deepStrictEqual, notDeepStrictEqual, ok } from 'node:assert/strict';

export { ok };

/** Fails if the two differ. An undefined member counts as a missing one. */
export function equal(actual: unknown, expected: unknown): void {
  deepStrictEqual(defined(actual), defined(expected));
}

/** Fails if the two are equal. */
export function differ(actual: unknown, other: unknown): void {
  notDeepStrictEqual(defined(actual), defined(other));
}

/** Fails if a member of `expected` is different in `actual`. Further members of `actual` do not matter. */
export function matches(actual: unknown, expected: unknown): void {
  deepStrictEqual(picked(defined(actual), defined(expected)), defined(expected));
}

/** Fails unless the promise rejects. */
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
  // Not `map`: a native module may return arrays of another realm, which have a different prototype.
  if (Array.isArray(value)) return Array.from(value, defined);
  if (!isObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, defined(member)]));
}

/** The members of a value that `other` has too. */
function picked(value: unknown, other: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(other)) return value.map((member, at) => picked(member, other[at]));
  if (!isObject(value) || !isObject(other)) return value;
  const members = Object.entries(value).filter(([name]) => name in other);
  return Object.fromEntries(members.map(([name, member]) => [name, picked(member, other[name])]));
}
