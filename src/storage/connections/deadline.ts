/**
 * The time one request may take in all: waiting for its turn and for a connection, its statements, and further
 * attempts.
 */
export class Deadline {
  readonly #passed: Promise<never>;
  readonly #late: Error;
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(milliseconds: number) {
    this.#late = new Error(`The database did not answer within ${milliseconds} ms`);
    this.#passed = new Promise((_, reject) => {
      this.#timer = setTimeout(() => {
        this.#isOver = true;
        reject(this.#late);
      }, milliseconds);
    });
    this.#passed.catch(() => {});
  }

  /** Throws once the time is over, so that nothing is changed for a caller who was told that it failed. */
  check(): void {
    if (this.#isOver) throw this.#late;
  }

  /** Whether something failed only because of this deadline. */
  isLate(error: unknown): boolean {
    return error === this.#late;
  }

  /** The result of the step, unless the time is over first; then `onLate` is called and it rejects. */
  async race<T>(step: Promise<T>, onLate?: () => void): Promise<T> {
    try {
      return await Promise.race([step, this.#passed]);
    } catch (error) {
      step.catch(() => {});
      if (this.isLate(error)) onLate?.();
      throw error;
    }
  }

  /** Stops the timer, once the request is answered. */
  clear(): void {
    clearTimeout(this.#timer);
  }
}
