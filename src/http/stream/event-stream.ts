import type { ServerResponse } from 'node:http';

/** What a client that does not read may make this process keep, in bytes; then it has to come again. */
const MAX_UNREAD = 256 * 1024;

/** For proxies and browsers: keep nothing, compress nothing, hold nothing back. Named as `getHeaders` names them. */
const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};

/** The response object of Express, or of Fastify around that of Node. */
export interface StreamableResponse {
  readonly raw?: ServerResponse;
  getHeaders(): Record<string, unknown>;
  hijack?(): unknown;
}

/** An answer of Server-Sent Events. What is sent before it opens goes out when it does. */
export class EventStream {
  readonly #raw: ServerResponse;
  #held = '';
  #isOpen = false;
  #isDone = false;

  constructor(private readonly response: StreamableResponse) {
    this.#raw = response.raw ?? (response as unknown as ServerResponse);
  }

  /** Whether the client has gone, or the stream has ended. */
  get isOver(): boolean {
    return this.#raw.destroyed || this.#raw.writableEnded;
  }

  /** Calls back once, when the client is gone or the stream has ended. */
  onOver(listener: () => void): void {
    if (this.isOver) listener();
    else this.#raw.once('close', listener);
  }

  /**
   * Answers 200 and leaves the answer open. `retry` is how long a client waits to come again, in milliseconds; `id` is
   * what it says then, if it heard nothing until it lost the stream.
   */
  open(retry: number, id: number): void {
    this.response.hijack?.();
    this.#raw.writeHead(200, { ...this.response.getHeaders(), ...HEADERS } as Record<string, string>);
    this.#isOpen = true;
    this.#write(`retry: ${retry}\nid: ${id}\n\n${this.#held}`);
    this.#held = '';
    if (this.#isDone) this.#raw.end();
  }

  send(event: string, id: number, data: object): void {
    this.#write(`event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Says nothing, so that everybody on the way knows it is still there. */
  beat(): void {
    this.#write(':\n\n');
  }

  /** Ends it after what was sent. */
  end(): void {
    this.#isDone = true;
    if (this.#isOpen && !this.isOver) this.#raw.end();
  }

  #write(text: string): void {
    if (this.isOver) return;
    if (!this.#isOpen) this.#held += text;
    else if (this.#raw.writableLength > MAX_UNREAD) this.#raw.destroy();
    else this.#raw.write(text);
  }
}
