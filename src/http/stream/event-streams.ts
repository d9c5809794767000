import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { EventStream } from './event-stream.js';

const TICK = 1_000;
/** A stream is silent for so many ticks at most: proxies close what is silent for a minute, some after half of one. */
const BEAT = 20;
/** How long a client waits to come again, in milliseconds. */
const RETRY = 2_000;
/** Streams one session may have; the oldest makes room for another. */
const MAX_OF_A_SESSION = 20;

/** All open streams of this process: keeps them from looking dead, bounds them, and ends them when the app stops. */
@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  /** The longest silent first, with the tick of their last beat. */
  readonly #beats = new Map<EventStream, number>();
  readonly #ofSession = new Map<string, Set<EventStream>>();
  #ticks = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Opens a stream for a session; what happened before the moment `since` is not of it. */
  open(guid: string, stream: EventStream, since: number): void {
    const streams = this.#ofSession.get(guid) ?? new Set();
    this.#ofSession.set(guid, streams.add(stream));
    this.#beats.set(stream, this.#ticks);
    stream.onOver(() => this.#forget(guid, stream));
    stream.open(RETRY, since);
    const [oldest] = streams;
    if (streams.size > MAX_OF_A_SESSION) oldest?.end();
    this.#timer ??= setInterval(() => this.tick(), TICK).unref();
  }

  /** Sends a beat to those that were silent for long; called by a timer, every second. */
  tick(): void {
    this.#ticks += 1;
    for (const [stream, beatAt] of this.#beats) {
      if (beatAt > this.#ticks - BEAT) return;
      this.#beats.delete(stream);
      this.#beats.set(stream, this.#ticks);
      stream.beat();
    }
  }

  /** A server waits for open answers before it stops: these would stay open for ever. */
  beforeApplicationShutdown(): void {
    clearInterval(this.#timer);
    for (const stream of this.#beats.keys()) stream.end();
  }

  #forget(guid: string, stream: EventStream): void {
    this.#beats.delete(stream);
    const streams = this.#ofSession.get(guid);
    streams?.delete(stream);
    if (streams?.size === 0) this.#ofSession.delete(guid);
  }
}
