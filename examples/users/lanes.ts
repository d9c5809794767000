/** How work runs side by side. */
export interface LanesOptions {
  /** How many works run at once. */
  readonly lanes: number;
  /** How long one waits for its turn at most, in milliseconds. */
  readonly patience: number;
  /** How many may wait; one more is refused at once. */
  readonly room: number;
  /** What is thrown where it did not get its turn. */
  readonly refusal: () => Error;
}

/** Runs works in the order they come, a few at a time, and refuses what would wait too long. */
export class Lanes {
  readonly #waiting = new Set<() => void>();
  #free: number;

  constructor(private readonly options: LanesOptions) {
    this.#free = options.lanes;
  }

  /** What `work` resolves to, once it had its turn. Throws the `refusal` where it got none in time. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #turn(): Promise<void> {
    const { patience, room, refusal } = this.options;
    if (this.#waiting.size >= room) throw refusal();
    return new Promise((resolve, reject) => {
      const begin = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(begin);
        reject(refusal());
      }, patience);
      this.#waiting.add(begin);
    });
  }

  /** Hands the lane on to whoever waits the longest. */
  #leave(): void {
    const [next] = this.#waiting;
    if (!next) this.#free += 1;
    else {
      this.#waiting.delete(next);
      next();
    }
  }
}
