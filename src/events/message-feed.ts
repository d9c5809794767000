/** What a feed is about: copies of sessions that are stale, or users whose sessions changed. */
export type FeedChannel = 'session_copies_stale' | 'session_changes';

/** Who hears a feed. */
export interface FeedListener {
  heard(message: string): void;
  /** From here on every message is heard. */
  up(): void;
  /** Messages may have been missed. */
  down(): void;
}

/** A connection that hears messages. */
export interface FeedConnection {
  /** Resolves if it still answers. */
  probe(): Promise<void>;
  close(): Promise<unknown>;
}

const RETRY = 250;
const PATIENCE = 1_000;

/** Carries short messages to every process, and connects again by itself. The port of its kinds. */
export abstract class MessageFeed {
  #listener: FeedListener | undefined;
  #connection: FeedConnection | undefined;
  #retry: NodeJS.Timeout | undefined;

  /** Resolves once the message is on its way to whoever listens. */
  abstract publish(message: string): Promise<void>;
  /**
   * Connects, and resolves once messages are heard; `broken` is told when they may not be any more. On `gaveUp` it
   * was not quick enough, and lets go of what it opened.
   */
  protected abstract connect(
    heard: (message: string) => void,
    broken: () => void,
    gaveUp: AbortSignal,
  ): Promise<FeedConnection>;

  start(listener: FeedListener): void {
    this.#listener = listener;
    void this.#connect();
  }

  /** Asks the connection, if there is one, whether it still answers; one that does not is replaced. */
  async probe(): Promise<boolean> {
    const connection = this.#connection;
    if (!connection) return false;
    const answered = await inTime(connection.probe());
    if (!answered && connection === this.#connection) this.#break();
    return answered && connection === this.#connection;
  }

  async stop(): Promise<void> {
    this.#listener = undefined;
    clearTimeout(this.#retry);
    await this.#leave();
  }

  async #connect(): Promise<void> {
    let broken = false;
    const breaks = () => {
      if (broken) return;
      broken = true;
      this.#break();
    };
    const patience = new AbortController();
    const heard = (message: string) => !broken && this.#listener?.heard(message);
    const connecting = this.connect(heard, breaks, patience.signal);
    if (!(await inTime(connecting))) {
      patience.abort();
      return breaks();
    }
    this.#connection = await connecting;
    if (broken || !this.#listener) return void (await this.#leave());
    this.#listener.up();
  }

  #break(): void {
    this.#listener?.down();
    void this.#leave();
    clearTimeout(this.#retry);
    if (this.#listener) this.#retry = setTimeout(() => void this.#connect(), RETRY).unref();
  }

  async #leave(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.close().catch(() => {});
  }
}

/** Whether it resolved, and did so in time. */
function inTime(work: Promise<unknown>): Promise<boolean> {
  return new Promise((done) => {
    const timer = setTimeout(() => done(false), PATIENCE);
    const settle = (good: boolean) => {
      clearTimeout(timer);
      done(good);
    };
    work.then(
      () => settle(true),
      () => settle(false),
    );
  });
}
