/**
 * Freezes a value of JSON with all it holds, in place; a nest of any depth does not overflow the stack. Meant for what
 * was parsed here and nobody else has.
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
