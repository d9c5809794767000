import { connect, type Socket } from 'node:net';
import { answersIn, nextAnswer, type RawAnswer, SILENCE } from '../support/wire.js';

/** A connection that is kept, one request after the other; a new one is opened where the server closed it. */
export class Line {
  #socket: Socket | undefined;
  #received: Buffer = Buffer.alloc(0);
  #settle: ((answer: RawAnswer) => void) | undefined;

  constructor(private readonly port: number) {}

  /** The answer to one whole request that leaves nothing behind it. */
  ask(request: Buffer): Promise<RawAnswer> {
    const socket = this.#socket ?? this.#open();
    return new Promise((resolve) => {
      this.#settle = resolve;
      socket.write(request);
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  #open(): Socket {
    const socket = connect({ port: this.port, host: '127.0.0.1' }).setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', () => {});
    socket.on('close', () => this.#over(socket));
    this.#socket = socket;
    this.#received = Buffer.alloc(0);
    return socket;
  }

  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    const parsed = nextAnswer(this.#received);
    if (!parsed) return;
    this.#received = parsed.rest;
    // A parser that gave up hangs up, and Fastify's does not say so.
    if (!parsed.answer.headers.get('connection')?.includes('keep-alive')) this.#leave();
    this.#answer(parsed.answer);
  }

  #over(socket: Socket): void {
    if (this.#socket !== socket) return;
    const last = answersIn(this.#received).at(-1) ?? SILENCE;
    this.#leave();
    this.#answer(last);
  }

  #leave(): void {
    this.#socket?.destroySoon();
    this.#socket = undefined;
  }

  #answer(answer: RawAnswer): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(answer);
  }
}
