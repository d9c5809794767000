import { AuthError, type RefusalReason } from '../../errors.js';
import type { LiveNews } from '../../live/session-news.js';
import type { EventStream } from './event-stream.js';

/** A stream says something every so many ticks: proxies close what is silent for a minute, some after half of one. */
const BEAT = 20;
/** Ticks between two questions whether the guard would still let the holder in, where nothing is told meanwhile. */
const REVIEW = 10;
/** What a question may take, in milliseconds; then the client has to come again. */
const PATIENCE = 5_000;
/** Ticks in which the rest of a stream that has ended can be read. */
const REST = 2;
/** News of an open stream that wait for an answer to the question; beyond that the client has to come again. */
const MAX_WAITING = 1_000;

/** Refusals that have their reason in the session itself: its end is news of its own. */
const OWN_ENDS: readonly RefusalReason[] = ['session_ended', 'session_expired', 'session_idle', 'reuse_detected'];

/** Who opened a stream, and what it lives on. */
export interface StreamHolder {
  readonly userId: string;
  readonly guid: string;
  /** Where the request came from; streams of one session are shared fairly among addresses. */
  readonly address: string;
  /** The end of the token it was opened with, in milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Asks what the guard asks, now. Rejects with the AuthError the guard would answer with. */
  ask(): Promise<unknown>;
  /** Whether somebody who is not like its client renewed the session last. */
  isElsewhere(): Promise<boolean>;
  /** Tells the end of the session by `hear`, where it is over. */
  tellEnd(): Promise<void>;
}

/**
 * The stream of one session. It lives no longer than its token, and whatever it tells it tells after the guard's question
 * was asked again and answered with yes. Only the end of its own session is told without asking.
 */
export class SessionStream {
  #age = 0;
  #now: number;
  #waiting: (readonly [news: LiveNews, at: number])[] = [];
  /** When the question under way was asked, by the last tick. */
  #askedAt: number | undefined;
  /** The age at which it ended, in ticks. */
  #endedAt: number | undefined;
  #isOpen = false;
  /** Whether it tells nothing but the end of its session: somebody else renewed it, and one of the two may have stolen it. */
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
   * Answers, and tells what was heard until now. Rejects with an AuthError where the guard would refuse by now what it
   * let in before. `onWritten` is called after each writing.
   */
  async open(retry: number, since: number, onWritten: () => void): Promise<void> {
    this.#onWritten = onWritten;
    await this.#tellWaiting();
    this.#isOpen = true;
    this.stream.open(retry, since);
    onWritten();
    void this.#serve();
  }

  /** Takes news, to be told once the guard's question is answered. */
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

  /** Ends it after what was sent; what is not read soon is dropped. Its client comes again if it may. */
  end(): void {
    this.#endedAt ??= this.#age;
    this.#waiting = [];
    this.stream.end();
    for (const listener of this.#onEnd.splice(0)) listener();
  }

  /** Calls back once, when it ends or its client is gone; at once where that has happened. */
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

  /** Tells what waits, and ends where that may not be told. */
  async #serve(): Promise<void> {
    if (this.#askedAt !== undefined || this.#waiting.length === 0) return;
    await this.#tellWaiting().catch((error: unknown) => this.#endFor(error));
  }

  /** Asks although there is nothing to tell: where nobody can be asked, nothing is told, and the stream stays. */
  async #review(): Promise<void> {
    try {
      await this.#ask();
    } catch (error) {
      if (!(error instanceof AuthError && error.code === 'unavailable')) await this.#endFor(error);
    }
    await this.#serve();
  }

  /** What came while a question was under way waits for the next one: an answer counts for what came before it. */
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

  /** The others' news are not for one whose session is over. */
  #tellOwnEnd({ type, session }: LiveNews, at: number): void {
    this.#write(() => this.stream.send(type, at, session));
    this.end();
  }

  #write(write: () => void): void {
    write();
    this.#onWritten();
  }
}
