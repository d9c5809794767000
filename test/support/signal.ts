/** A signal that one part of a test waits for and another part gives. */
export interface Signal<T> {
  readonly given: Promise<T>;
  give(value: T): void;
}

/** A signal that nobody has given yet. */
export function signal<T>(): Signal<T> {
  let give: (value: T) => void = () => {};
  const given = new Promise<T>((done) => {
    give = done;
  });
  return { given, give: (value) => give(value) };
}
