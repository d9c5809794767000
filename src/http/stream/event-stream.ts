import type { ServerResponse } from 'node:http';

/** What one client that does not read may make this process keep, in bytes; then it has to come again. */
const MAX_UNREAD = 256 * 1024;

/** For proxies and browsers: keep nothing, compress nothing, hold nothing back. Named as `getHeaders` names them. */
const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};
/**
 * Who comes again does so on a new connection: a process that stops gets rid of its clients, and a balancer can send
 * them to another one. HTTP/2 knows no such header.
 */
const LAST_OF_ITS_CONNECTION = { connection: 'close' };

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

  /** Whether the client has gone, or the stream has ended or will end as soon as it opens. */
  get isOver(): boolean {
    return this.#isDone || this.#raw.destroyed;
  }

  /** What was sent and did not leave this process yet, in bytes as Node counts them. */
  get unread(): number {
    return this.#raw.destroyed ? 0 : this.#raw.writableLength + this.#held.length;
  }

  /** Calls back once, when all was handed on or the client is gone; an end alone may leave something unread. */
  onClosed(listener: () => void): void {
    if (this.#raw.destroyed || this.#raw.closed) listener();
    else this.#raw.once('close', listener);
  }

  /**
   * Answers 200 and leaves the answer open. `retry` is how long a client waits to come again, in milliseconds; `id` is
   * what it says then, if it heard nothing until it lost the stream.
   */
  open(retry: number, id: number): void {
    const ofConnection = this.#raw.req.httpVersionMajor < 2 ? LAST_OF_ITS_CONNECTION : {};
    this.response.hijack?.();
    this.#raw.writeHead(200, { ...this.response.getHeaders(), ...HEADERS, ...ofConnection } as Record<string, string>);
    this.#isOpen = true;
    this.#write(`retry: ${retry}\nid: ${id}\n\n${this.#held}`);
    this.#held = '';
    if (this.#isDone) this.#raw.end();
  }

  send(event: string, id: number, data: object): void {
    if (!this.isOver) this.#write(`event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Says nothing, so that everybody on the way knows it is still there. */
  beat(): void {
    if (!this.isOver) this.#write(':\n\n');
  }

  /** Ends it after what was sent. */
  end(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    if (this.#isOpen && !this.#raw.destroyed) this.#raw.end();
  }

  /** Ends it at once, whatever is unread. */
  cut(): void {
    this.#isDone = true;
    this.#raw.destroy();
  }

  #write(text: string): void {
    if (this.#raw.destroyed) return;
    if (!this.#isOpen) this.#held += text;
    else if (this.#raw.writableLength > MAX_UNREAD) this.cut();
    else this.#raw.write(text);
  }
}
