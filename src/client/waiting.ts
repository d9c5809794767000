/**
 * The waiting functions of this page: called when things may have changed, such as the network coming back or the page
 * becoming visible.
 */
export const sleepers = new Set<(event?: { readonly type: string }) => void>();

/** Calls all waiting functions. */
export const wake = (event?: { readonly type: string }): void => {
  for (const sleeper of sleepers) sleeper(event);
};

/** Waits this many milliseconds, or until it is woken up. */
export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      sleepers.delete(done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    sleepers.add(done);
  });

/** Waits for work, but no longer than until `signal` is aborted; the work may continue, for others. */
export const unlessAborted = <T>(work: Promise<T>, signal?: AbortSignal | null): Promise<T> =>
  Promise.race([
    work,
    new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
    }),
  ]);

/**
 * Does work that can be aborted, and aborts it if `alive` is not called for this many milliseconds. Whatever the work
 * left open is closed at its end.
 */
export const patiently = <T>(
  milliseconds: number,
  work: (controller: AbortController, alive: () => void) => Promise<T>,
): Promise<T> => {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(), milliseconds);
  };
  alive();
  // A `fetch` may not notice: that of Node 20 misses an abort at the end of an answer.
  return unlessAborted(work(controller, alive), controller.signal).finally(() => {
    clearTimeout(timer);
    controller.abort();
  });
};

/**
 * Between half of a span and all of it, so that clients that wait for the same thing do not all ask at the same moment.
 */
export const spread = (span: number): number => span / (1 + Math.random());
