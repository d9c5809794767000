/** Who wants to hear of something. */
export type Listeners<T> = Set<(value: T) => void>;

/** Tells all of them, soon: one that throws disturbs neither the others nor this client. */
export const emit = <T>(listeners: Listeners<T>, value?: T): void => {
  for (const listener of listeners) queueMicrotask(() => listeners.has(listener) && listener(value as T));
};

/** Adds a listener, which hears `first` if there is one; the function returned takes it away. Each calls `changed`. */
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
