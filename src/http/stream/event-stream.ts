import type { ServerResponse } from 'node:http';

/** How many unread bytes one client may make this process keep; beyond that it has to connect again. */
const MAX_UNREAD = 256 * 1024;

/** Tells proxies and browsers not to store, compress or buffer the stream. Named as `getHeaders` names them. */
const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};
/**
 * A client that reconnects does so on a new connection: a process that stops gets rid of its clients, and a load
 * balancer can send them to another one. HTTP/2 does not have such a header.
 */
const LAST_OF_ITS_CONNECTION = { connection: 'close' };

/** The response object of Express, or that of Fastify, which wraps Node's. */
export interface StreamableResponse {
  readonly raw?: ServerResponse;
  getHeaders(): Record<string, unknown>;
  hijack?(): unknown;
}

/** An answer of Server-Sent Events. Data sent before it opens is written when it opens. */
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

  /** The data that was sent but has not left this process yet, in bytes as Node counts them. */
  get unread(): number {
    return this.#raw.destroyed ? 0 : this.#raw.writableLength + this.#held.length;
  }

  /**
   * Calls back once, when everything was handed on or the client is gone; after an end alone, data may still be unread.
   */
  onClosed(listener: () => void): void {
    if (this.#raw.destroyed || this.#raw.closed) listener();
    else this.#raw.once('close', listener);
  }

  /**
   * Answers 200 and leaves the answer open. `retry` is how long a client waits before it reconnects, in milliseconds;
   * `id` is what it sends then, if it received no event before it lost the stream.
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

  /** Sends an empty comment, so that proxies and the client know that the stream is still open. */
  beat(): void {
    if (!this.isOver) this.#write(':\n\n');
  }

  /** Ends the stream after the data that was sent. */
  end(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    if (this.#isOpen && !this.#raw.destroyed) this.#raw.end();
  }

  /** Ends the stream at once, even if data is unread. */
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
