import { AuthError, type RefusalReason } from '../../errors.js';
import type { LiveNews } from '../../live/session-news.js';
import type { EventStream } from './event-stream.js';

/**
 * Every so many ticks a stream sends something: proxies close a connection that is silent for a minute, some after half
 * of that.
 */
const BEAT = 20;
/** Ticks between two checks whether the guard would still let the holder in, if nothing is sent meanwhile. */
const REVIEW = 10;
/** How long such a check may take, in milliseconds; after that the client has to reconnect. */
const PATIENCE = 5_000;
/** How many ticks a client has to read the rest of a stream that has ended. */
const REST = 2;
/** How many news items may wait for the result of the check; beyond that the client has to reconnect. */
const MAX_WAITING = 1_000;

/** Refusals that are caused by the session itself: its end is reported as news. */
const OWN_ENDS: readonly RefusalReason[] = ['session_ended', 'session_expired', 'session_idle', 'reuse_detected'];

/** Who opened a stream, and what it depends on. */
export interface StreamHolder {
  readonly userId: string;
  readonly guid: string;
  /** The address the request came from; streams of one session are shared fairly among addresses. */
  readonly address: string;
  /** The expiry of the token it was opened with, in milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Repeats the checks of the guard now. Rejects with the AuthError that the guard would answer with. */
  ask(): Promise<unknown>;
  /** Whether the session was last renewed by a client that does not look like the stream's client. */
  isElsewhere(): Promise<boolean>;
  /** Reports the end of the session through `hear`, if it has ended. */
  tellEnd(): Promise<void>;
}

/**
 * The stream of one session. It lives no longer than its token, and sends news only after the guard's checks were
 * repeated and passed. Only the end of its own session is sent without these checks.
 */
export class SessionStream {
  #age = 0;
  #now: number;
  #waiting: (readonly [news: LiveNews, at: number])[] = [];
  /** When the current check was started, by the last tick. */
  #askedAt: number | undefined;
  /** The age at which it ended, in ticks. */
  #endedAt: number | undefined;
  #isOpen = false;
  /**
   * Whether it reports only the end of its session: another client renewed it, and one of the two may have stolen it.
   */
  #isMuted = false;
  #onWritten = () => {};
  readonly #onEnd: (() => void)[] = [];

  constructor(
    readonly holder: StreamHolder,
    readonly stream: EventStream,
    openedAt: number,
  ) {
    this.#now = openedAt;
  }

  /** Whether it has ended, or its client is gone. */
  get isOver(): boolean {
    return this.#endedAt !== undefined || this.stream.isOver;
  }

  /**
   * Checks the news received so far, to be sent when it opens. Rejects with an AuthError if the guard would now refuse
   * what it let in before.
   */
  async prepare(): Promise<void> {
    await this.#tellWaiting();
  }

  /** Answers, and sends the news received so far. `onWritten` is called after each write. */
  open(retry: number, since: number, onWritten: () => void): void {
    this.#onWritten = onWritten;
    this.#isOpen = true;
    this.stream.open(retry, since);
    onWritten();
    void this.#serve();
  }

  /** Accepts news, to be sent once the guard's checks have passed. */
  hear(news: LiveNews, at: number): void {
    if (this.isOver) return;
    if (news.type === 'session.revoked' && news.session.current) {
      this.#tellOwnEnd(news, at);
      return;
    }
    if (this.#isMuted) return;
    this.#waiting.push([news, at]);
    if (!this.#isOpen) return;
    if (this.#waiting.length > MAX_WAITING) this.end();
    else void this.#serve();
  }

  /** Called every second; `now` in milliseconds since the epoch. */
  tick(now: number): void {
    this.#age += 1;
    this.#now = now;
    if (this.#endedAt !== undefined) this.#dropRest(this.#age - this.#endedAt);
    else if (now >= this.holder.expiresAt || this.#asksTooLong(now) || this.stream.isOver) this.end();
    else if (this.#isOpen) this.#live();
  }

  /** Ends it after the data that was sent; data that is not read soon is dropped. Its client reconnects if it may. */
  end(): void {
    this.#endedAt ??= this.#age;
    this.#waiting = [];
    this.stream.end();
    for (const listener of this.#onEnd.splice(0)) listener();
  }

  /** Calls back once, when it ends or its client is gone; at once if that has happened already. */
  onEnd(listener: () => void): void {
    if (this.#endedAt === undefined) this.#onEnd.push(listener);
    else listener();
  }

  #dropRest(ticks: number): void {
    if (ticks > REST) this.stream.cut();
  }

  #asksTooLong(now: number): boolean {
    return this.#askedAt !== undefined && now - this.#askedAt > PATIENCE;
  }

  #live(): void {
    if (this.#age % BEAT === 0) this.#write(() => this.stream.beat());
    if (this.#age % REVIEW === 0 && this.#askedAt === undefined && !this.#isMuted) void this.#review();
  }

  /** Sends the waiting news, or ends the stream if it may not be sent. */
  async #serve(): Promise<void> {
    if (this.#askedAt !== undefined || this.#waiting.length === 0) return;
    await this.#tellWaiting().catch((error: unknown) => this.#endFor(error));
  }

  /**
   * Checks although there is nothing to send. If the check cannot be made, nothing is sent, and the stream stays open.
   */
  async #review(): Promise<void> {
    try {
      await this.#ask();
    } catch (error) {
      if (!(error instanceof AuthError && error.code === 'unavailable')) await this.#endFor(error);
    }
    await this.#serve();
  }

  /** News that arrives during a check waits for the next one: a check only covers what arrived before it. */
  async #tellWaiting(): Promise<void> {
    while (this.#waiting.length > 0 && !this.isOver) {
      const batch = this.#waiting.splice(0);
      await this.#ask();
      if (this.isOver) return;
      this.#write(() => {
        for (const [{ type, session }, at] of batch) this.stream.send(type, at, session);
      });
    }
  }

  async #ask(): Promise<void> {
    this.#askedAt = this.#now;
    try {
      await this.holder.ask();
    } finally {
      this.#askedAt = undefined;
    }
  }

  async #endFor(error: unknown): Promise<void> {
    this.#waiting = [];
    const reason = error instanceof AuthError ? error.reason : undefined;
    this.#isMuted = reason === 'superseded' && (await this.holder.isElsewhere().catch(() => false));
    if (this.#isMuted) return;
    const ownEnd = reason !== undefined && OWN_ENDS.includes(reason);
    if (ownEnd && !this.isOver) await this.holder.tellEnd().catch(() => {});
    this.end();
  }

  /** A client whose session has ended must not receive news of the others. */
  #tellOwnEnd({ type, session }: LiveNews, at: number): void {
    this.#write(() => this.stream.send(type, at, session));
    this.end();
  }

  #write(write: () => void): void {
    write();
    this.#onWritten();
  }
}
