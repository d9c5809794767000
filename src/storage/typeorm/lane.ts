import type { Deadline } from './deadline.js';

/** Work that may wait in one lane; further work is refused, so that a fault cannot fill the memory. */
const MAX_WAITING = 1_000;

/** Gives the turn to whoever waits next. */
export type Leave = () => void;

/**
 * Lets so many pieces of work run at once; the others wait in the order in which they came. Work of one key runs one
 * after the other and takes one place, however much of it comes.
 */
export class Lane {
  #free: number;
  #waiting = 0;
  readonly #turns: (() => void)[] = [];
  /** The last piece of work of each key. */
  readonly #last = new Map<string, Promise<void>>();

  /** `places`: how many pieces of work may run at once. In a crowd each rests after a piece for `rest` milliseconds. */
  constructor(
    places: number,
    private readonly rest = 0,
  ) {
    this.#free = places;
  }

  /** Resolves when it is the turn of the work, to the function that ends the turn. Rejects when too many wait. */
  async enter(key?: string): Promise<Leave> {
    if (this.#waiting >= MAX_WAITING) throw new Error(`${MAX_WAITING} requests wait for the database already`);
    this.#waiting += 1;
    try {
      return await (key === undefined ? this.#place() : this.#placeOf(key));
    } finally {
      this.#waiting -= 1;
    }
  }

  /** As `enter`, but rejects at this deadline; a turn that comes after it is passed on. */
  enterBy(deadline: Deadline, key?: string): Promise<Leave> {
    const entering = this.enter(key);
    return deadline.race(entering, () => {
      entering.then(
        (leave) => leave(),
        () => {},
      );
    });
  }

  async #placeOf(key: string): Promise<Leave> {
    const before = this.#last.get(key);
    let over = () => {};
    const mine = new Promise<void>((resolve) => {
      over = resolve;
    });
    this.#last.set(key, mine);
    await before;
    const leave = await this.#place();
    return () => {
      leave();
      over();
      if (this.#last.get(key) === mine) this.#last.delete(key);
    };
  }

  async #place(): Promise<Leave> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((turn) => this.#turns.push(turn));
    return () => {
      if (this.rest > 0 && this.#turns.length > 0) setTimeout(() => this.#pass(), this.rest);
      else this.#pass();
    };
  }

  #pass(): void {
    const next = this.#turns.shift();
    if (next) next();
    else this.#free += 1;
  }
}
