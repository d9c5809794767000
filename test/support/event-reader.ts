import type { EndedSessionView, SessionView } from 'nestjs-session-registry';

/** An event as it came. */
export interface HeardEvent {
  type: string;
  id: string;
  session: SessionView & Partial<EndedSessionView>;
}

/** Reads `GET /sessions/events` as a client does, and keeps what it heard. */
export class EventReader {
  readonly events: HeardEvent[] = [];
  /** Lines that are no event, such as beats and the words at the beginning. */
  readonly asides: string[] = [];
  isOver = false;
  #waiting: (() => void)[] = [];
  #rest = '';

  private constructor(
    readonly response: Response,
    private readonly abort: AbortController,
  ) {}

  /** Opens a stream; resolves once its headers are there. */
  static async open(baseUrl: string, token: string, headers: Record<string, string> = {}): Promise<EventReader> {
    const abort = new AbortController();
    const response = await fetch(`${baseUrl}/sessions/events`, {
      headers: { authorization: `Bearer ${token}`, ...headers },
      signal: abort.signal,
    });
    const reader = new EventReader(response, abort);
    void reader.#read();
    return reader;
  }

  /** Resolves to the first event, of all that come, for which this is true. */
  async heard(isIt: (event: HeardEvent) => boolean): Promise<HeardEvent> {
    for (;;) {
      const found = this.events.find(isIt);
      if (found) return found;
      if (this.isOver) throw new Error(`the stream ended after ${JSON.stringify(this.events)}`);
      await this.#more();
    }
  }

  /** Resolves once such a line that is no event came. */
  async aside(line: string): Promise<void> {
    while (!this.asides.includes(line)) await this.#more();
  }

  /** Resolves once the server has ended the stream. */
  async over(): Promise<void> {
    while (!this.isOver) await this.#more();
  }

  /** Closes the connection. */
  leave(): void {
    this.abort.abort();
  }

  #more(): Promise<void> {
    return new Promise((resolve) => void this.#waiting.push(resolve));
  }

  async #read(): Promise<void> {
    try {
      const decoder = new TextDecoder();
      for await (const chunk of this.response.body ?? [])
        this.#take(decoder.decode(chunk as Uint8Array, { stream: true }));
    } catch {
      // The connection was closed.
    }
    this.isOver = true;
    this.#wake();
  }

  #take(text: string): void {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) this.#keep(block);
    this.#wake();
  }

  #keep(block: string): void {
    const lines = block.split('\n');
    const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
    if (field('event') === '') this.asides.push(...lines);
    else this.events.push({ type: field('event'), id: field('id'), session: JSON.parse(field('data')) });
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
