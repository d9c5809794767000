/** Sign-ins that go on in one turn of the event loop: a crowd that goes on at once would keep checks waiting. */
const AT_ONCE = 4;

interface Waiting {
  readonly resolve: (ticket: number) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads the number of the latest cutoff, for all sign-ins of one turn of the event loop with one query. It begins after the
 * last of them came, so that it misses no cutoff that was answered before.
 */
export class TicketReads {
  #gathering: Waiting[] = [];

  constructor(private readonly read: () => Promise<number>) {}

  /** The number, as of now. */
  next(): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#gathering.push({ resolve, reject }) === 1) setImmediate(() => void this.#send());
    });
  }

  async #send(): Promise<void> {
    const gathered = this.#gathering;
    this.#gathering = [];
    try {
      handOut(await this.read(), gathered);
    } catch (error) {
      for (const { reject } of gathered) reject(error);
    }
  }
}

function handOut(ticket: number, [...gathered]: Waiting[]): void {
  for (const { resolve } of gathered.splice(0, AT_ONCE)) resolve(ticket);
  if (gathered.length > 0) setImmediate(() => handOut(ticket, gathered));
}
