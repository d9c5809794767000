/** What a child process was told at its start. */
export function specOf<T>(): T {
  return JSON.parse(process.env.BENCH_SPEC ?? 'null') as T;
}

/** Tells the parent that this process is ready, and answers its questions until it is gone. */
export function serve<Question>(ready: unknown, answer: (question: Question) => Promise<unknown>): void {
  process.on('message', (question: Question) => {
    answer(question).then(
      (value) => process.send?.({ value }),
      (error: unknown) =>
        process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : `${error}` }),
    );
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ value: ready });
}
