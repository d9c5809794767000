/**
 * Reads the number of the latest cutoff, for all sign-ins of one turn of the event loop with one query. It begins after the
 * last of them came, so that it misses no cutoff that was answered before.
 */
export class TicketReads {
  #gathered: Promise<number> | undefined;

  constructor(private readonly read: () => Promise<number>) {}

  /** The number, as of now. */
  next(): Promise<number> {
    this.#gathered ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      this.#gathered = undefined;
      return this.read();
    });
    return this.#gathered;
  }
}
