import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import type { SessionStream } from './session-stream.js';
import { StreamPlaces } from './stream-places.js';
import { UnreadBudget } from './unread-budget.js';

const TICK = 1_000;
/** How long a client waits to come again, in milliseconds. */
const RETRY = 2_000;

/** All streams of this process: bounds them, keeps them from looking dead, and ends them when the app stops. */
@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  /** Those whose answer is not closed yet, the ended ones too, as long as something of them is unread. */
  readonly #streams = new Set<SessionStream>();
  readonly #places = new StreamPlaces();
  readonly #unread = new UnreadBudget();
  #timer: NodeJS.Timeout | undefined;
  #isStopping = false;

  constructor(private readonly clock: Clock) {}

  /** Takes a stream in before it opens. Throws AuthError `unavailable` where there is no place for it. */
  admit(stream: SessionStream): void {
    this.#places.take(stream)?.end();
    this.#streams.add(stream);
    stream.onEnd(() => this.#places.leave(stream));
    stream.stream.onClosed(() => this.#forget(stream));
    this.#timer ??= setInterval(() => this.tick(), TICK).unref();
    if (this.#isStopping) stream.end();
  }

  /**
   * Answers; what happened before the moment `since` is not of the stream. One that opens after the app began to stop
   * ends at once, so that its client comes again, to another process. Rejects as `SessionStream.open` does.
   */
  async open(stream: SessionStream, since: number): Promise<void> {
    await stream.open(RETRY, since, () => this.#unread.note(stream.stream));
  }

  /** Called by a timer, every second. */
  tick(): void {
    const now = this.clock.now();
    for (const stream of this.#streams) stream.tick(now);
    this.#unread.recount();
  }

  /** A server waits for open answers before it stops: these would stay open for ever. */
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
