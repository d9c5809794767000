import type { Connection } from './http.js';

/** Accepted calls before a session is ended, so that the caches of a process are filled. */
const ACCEPTED_BEFORE = 3;
/** A process is done with a session after so many refusals in a row, or so many milliseconds of refusals. */
const REFUSALS = 50;
const REFUSED_FOR = 100;

/** Calls one process with the token of one session, back to back, from before the session is ended until it is over. */
export class Caller {
  /** Resolves when the process has accepted the token a few times. */
  readonly warm: Promise<void>;
  calls = 0;
  /** When the last call that was accepted began. */
  lastAcceptedAt = 0;
  #isWarm: () => void = () => {};
  #accepted = 0;
  #asked = false;
  #acknowledgedAt = Number.POSITIVE_INFINITY;
  #refusals = 0;
  #refusedSince = Number.POSITIVE_INFINITY;

  constructor(
    private readonly connection: Connection,
    private readonly token: string,
    private readonly patience: number,
  ) {
    this.warm = new Promise((done) => {
      this.#isWarm = done;
    });
  }

  /** Called before the session is ended: from now on refusals are expected. */
  asked(): void {
    this.#asked = true;
  }

  /** Called when the end was acknowledged. One more call begins at this moment, so that even the shortest delay is seen. */
  async acknowledged(at: number): Promise<void> {
    this.#acknowledgedAt = at;
    await this.#call();
  }

  /** Calls until the process has refused for long enough; resolves with the mean time from one call to the next. */
  async run(): Promise<number> {
    const startedAt = performance.now();
    let calls = 0;
    for (; !this.#isOver(); calls++) await this.#call();
    return (performance.now() - startedAt) / calls;
  }

  async #call(): Promise<void> {
    this.calls += 1;
    const startedAt = performance.now();
    this.#note(startedAt, await this.connection.send('GET', '/profile', this.token));
  }

  #note(startedAt: number, status: number): void {
    if (status === 200) this.#accept(startedAt);
    else if (status === 401 && this.#asked) this.#refuse(startedAt);
    else throw new Error(`a process answered ${status} ${this.#asked ? 'after' : 'before'} the sign-out was sent`);
  }

  #accept(startedAt: number): void {
    this.lastAcceptedAt = startedAt;
    this.#refusals = 0;
    this.#refusedSince = Number.POSITIVE_INFINITY;
    this.#accepted += 1;
    if (this.#accepted === ACCEPTED_BEFORE) this.#isWarm();
    if (startedAt - this.#acknowledgedAt <= this.patience) return;
    throw new Error(`a process still accepts a session ${this.patience} ms after it was signed out`);
  }

  #refuse(startedAt: number): void {
    // Refusals before the acknowledgement tell nothing about the time after it.
    if (startedAt <= this.#acknowledgedAt) return;
    this.#refusals += 1;
    this.#refusedSince = Math.min(this.#refusedSince, startedAt);
  }

  #isOver(): boolean {
    return this.#refusals >= REFUSALS || performance.now() - this.#refusedSince >= REFUSED_FOR;
  }
}
