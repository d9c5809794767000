import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import type { SessionStream } from './session-stream.js';
import { StreamPlaces } from './stream-places.js';
import { UnreadBudget } from './unread-budget.js';

const TICK = 1_000;
/** How long a client waits before it reconnects, in milliseconds. */
const RETRY = 2_000;

/** All streams of this process: limits their number, keeps them alive, and ends them when the app stops. */
@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  /** The streams whose answer is not closed yet, including ended ones as long as some of their data is unread. */
  readonly #streams = new Set<SessionStream>();
  readonly #places = new StreamPlaces();
  readonly #unread = new UnreadBudget();
  #timer: NodeJS.Timeout | undefined;
  #isStopping = false;

  constructor(private readonly clock: Clock) {}

  /** Registers a stream before it opens. Throws AuthError `unavailable` if there is no place for it. */
  admit(stream: SessionStream): void {
    this.#places.take(stream)?.end();
    this.#streams.add(stream);
    stream.onEnd(() => this.#places.leave(stream));
    stream.stream.onClosed(() => this.#forget(stream));
    this.#timer ??= setInterval(() => this.tick(), TICK).unref();
    if (this.#isStopping) stream.end();
  }

  /**
   * Answers; events before the moment `since` are not part of the stream. A stream that opens after the app began to
   * stop ends at once, so that its client reconnects to another process.
   */
  open(stream: SessionStream, since: number): void {
    stream.open(RETRY, since, () => this.#unread.note(stream.stream));
  }

  /** Called by a timer, every second. */
  tick(): void {
    const now = this.clock.now();
    for (const stream of this.#streams) stream.tick(now);
    this.#unread.recount();
  }

  /** A server waits for open answers before it stops, and these would stay open for ever. */
  beforeApplicationShutdown(): void {
    this.#isStopping = true;
    for (const stream of this.#streams) stream.end();
  }

  #forget(stream: SessionStream): void {
    stream.end();
    this.#streams.delete(stream);
    this.#unread.note(stream.stream);
    if (this.#streams.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
