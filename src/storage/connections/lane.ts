import type { Deadline } from './deadline.js';

/** How much work may wait in one lane; further work is refused, so that a fault cannot fill the memory. */
const MAX_WAITING = 1_000;

/** Passes the turn to the next work that waits; in a crowd after a pause, unless nothing was done in it. */
export type Leave = (isUsed?: boolean) => void;

/** When so much work waits that other work would be slowed down, and what is done about it. */
export interface Crowd {
  /** How many have to wait for a place. */
  readonly from: number;
  /** How many pieces of work may run at once then. */
  readonly places: number;
  /** How long a place pauses after each piece of work then, in milliseconds. */
  readonly rest: number;
}

const NEVER: Crowd = { from: Infinity, places: 0, rest: 0 };

/**
 * Lets a number of pieces of work run at once; the others wait in the order in which they came. Work with the same key
 * runs one after the other and takes one place, however much of it there is.
 */
export class Lane {
  #running = 0;
  #waiting = 0;
  readonly #turns: (() => void)[] = [];
  /** The last piece of work of each key. */
  readonly #last = new Map<string, Promise<void>>();

  /** `places`: how many pieces of work may run at once while there is no crowd. */
  constructor(
    private readonly places: number,
    private readonly crowd = NEVER,
  ) {}

  /** Resolves when it is the turn of the work, to the function that ends the turn. Rejects if too many wait. */
  async enter(key?: string): Promise<Leave> {
    if (this.#waiting >= MAX_WAITING) throw new Error(`${MAX_WAITING} requests wait for the database already`);
    this.#waiting += 1;
    try {
      return await (key === undefined ? this.#place() : this.#placeOf(key));
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Like `enter`, but rejects at this deadline; a turn that comes after it is passed on. */
  enterBy(deadline: Deadline, key?: string): Promise<Leave> {
    const entering = this.enter(key);
    return deadline.race(entering, () => {
      entering.then(
        (leave) => leave(false),
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
    return (isUsed) => {
      leave(isUsed);
      over();
      if (this.#last.get(key) === mine) this.#last.delete(key);
    };
  }

  async #place(): Promise<Leave> {
    if (this.#turns.length === 0 && this.#running < this.places) this.#running += 1;
    else await new Promise<void>((turn) => this.#turns.push(turn));
    return (isUsed = true) => {
      if (isUsed && this.#isCrowded) setTimeout(() => this.#leave(), this.crowd.rest);
      else this.#leave();
    };
  }

  get #isCrowded(): boolean {
    return this.#turns.length >= this.crowd.from;
  }

  #leave(): void {
    this.#running -= 1;
    while (this.#turns.length > 0 && this.#running < (this.#isCrowded ? this.crowd.places : this.places)) {
      this.#running += 1;
      this.#turns.shift()?.();
    }
  }
}
