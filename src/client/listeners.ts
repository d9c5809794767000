/** Listeners of one kind of event. */
export type Listeners<T> = Set<(value: T) => void>;

/** Calls all of them, soon: one that throws affects neither the others nor this client. */
export const emit = <T>(listeners: Listeners<T>, value?: T): void => {
  for (const listener of listeners) queueMicrotask(() => listeners.has(listener) && listener(value as T));
};

/**
 * Adds a listener, which is called with `first` if that is given; the returned function removes it. Both call
 * `changed`.
 */
export const listen = <T>(
  listeners: Listeners<T>,
  listener: (value: T) => void,
  changed: () => void,
  first?: T,
): (() => void) => {
  listeners.add(listener);
  if (first) queueMicrotask(() => listener(first));
  changed();
  return () => {
    listeners.delete(listener);
    changed();
  };
};
