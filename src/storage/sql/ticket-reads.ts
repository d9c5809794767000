/** How many sign-ins continue in one turn of the event loop. If a whole crowd did, checks would have to wait. */
const AT_ONCE = 4;

interface Waiting {
  readonly resolve: (ticket: number) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads the number of the latest cutoff: at once, or while a query is under way, with one next query for all who wait. That
 * begins after the last of them has come, so that it does not miss a cutoff that was acknowledged before.
 */
export class TicketReads {
  #gathering: Waiting[] = [];
  #isReading = false;

  constructor(private readonly read: () => Promise<number>) {}

  /** The current number. */
  next(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#gathering.push({ resolve, reject });
      if (!this.#isReading) void this.#readOn();
    });
  }

  async #readOn(): Promise<void> {
    this.#isReading = true;
    while (this.#gathering.length > 0) {
      const gathered = this.#gathering;
      this.#gathering = [];
      await this.#answer(gathered);
    }
    this.#isReading = false;
  }

  async #answer(gathered: Waiting[]): Promise<void> {
    try {
      handOut(await this.read(), gathered);
    } catch (error) {
      for (const { reject } of gathered) reject(error);
    }
  }
}

function handOut(ticket: number, gathered: Waiting[]): void {
  for (const { resolve } of gathered.slice(0, AT_ONCE)) resolve(ticket);
  const rest = gathered.slice(AT_ONCE);
  if (rest.length > 0) setImmediate(() => handOut(ticket, rest));
}
