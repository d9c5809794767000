import type { EventStream } from './event-stream.js';

/** How much all clients that do not read may make this process keep, in bytes as Node counts them. */
const MAX_UNREAD_IN_ALL = 16 * 1024 * 1024;

/** Limits the unread data of all streams together: if it is too much, those with the most unread data are cut off. */
export class UnreadBudget {
  /**
   * How much of each stream was unread when it was last measured; this is more than now, since clients read meanwhile.
   */
  readonly #unread = new Map<EventStream, number>();
  #total = 0;

  /** Measures a stream that was just written to. */
  note(stream: EventStream): void {
    this.#set(stream, stream.unread);
    if (this.#total <= MAX_UNREAD_IN_ALL) return;
    this.recount();
    if (this.#total > MAX_UNREAD_IN_ALL) this.#cutLargest();
  }

  /** Measures all of them again, and forgets those that were read. */
  recount(): void {
    for (const stream of this.#unread.keys()) this.#set(stream, stream.unread);
  }

  #set(stream: EventStream, unread: number): void {
    this.#total += unread - (this.#unread.get(stream) ?? 0);
    if (unread > 0) this.#unread.set(stream, unread);
    else this.#unread.delete(stream);
  }

  #cutLargest(): void {
    const largestFirst = [...this.#unread].sort(([, one], [, other]) => other - one);
    for (const [stream] of largestFirst) {
      if (this.#total <= MAX_UNREAD_IN_ALL) return;
      stream.cut();
      this.#set(stream, 0);
    }
  }
}
