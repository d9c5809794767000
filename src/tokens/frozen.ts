/**
 * Deeply freezes a JSON value in place, without overflowing the stack at any depth. Meant for values that were parsed
 * here and that nobody else holds.
 */
export function frozen<T extends object>(value: T): Readonly<T> {
  const rest: object[] = [value];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    for (const member of Object.values(Object.freeze(next))) {
      if (typeof member === 'object' && member !== null) rest.push(member);
    }
  }
  return value;
}
