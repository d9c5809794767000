import { type FaultKind, type Faults, UNHEARD } from '../faults/faults.js';

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
  #faults = UNHEARD;
  #kind: FaultKind = 'liveFeed';

  /** Resolves once the message is on its way to whoever listens. */
  abstract publish(message: string): Promise<void>;
  /**
   * Connects, and resolves once messages are heard; `broken` is told when they may not be any more, and why if that is
   * known. On `gaveUp` it was not quick enough, and lets go of what it opened.
   */
  protected abstract connect(
    heard: (message: string) => void,
    broken: (cause?: unknown) => void,
    gaveUp: AbortSignal,
  ): Promise<FeedConnection>;

  /** Has it tell, as a fault of this kind, when it hears no messages any more and when it does again. Gives itself. */
  toldTo(faults: Faults, kind: FaultKind): this {
    this.#faults = faults;
    this.#kind = kind;
    return this;
  }

  /** As `publish`, for those who go on without: never rejects, and a message that is lost is told as a fault. */
  async send(message: string): Promise<void> {
    try {
      await this.publish(message);
    } catch (error) {
      this.#faults.failed('word', error);
    }
  }

  start(listener: FeedListener): void {
    this.#listener = listener;
    void this.#connect();
  }

  /** Asks the connection, if there is one, whether it still answers; one that does not is replaced. */
  async probe(): Promise<boolean> {
    const connection = this.#connection;
    if (!connection) return false;
    const fault = await faultOf(connection.probe());
    if (fault !== undefined && connection === this.#connection) this.#break(fault);
    return fault === undefined && connection === this.#connection;
  }

  async stop(): Promise<void> {
    this.#listener = undefined;
    clearTimeout(this.#retry);
    await this.#leave();
  }

  async #connect(): Promise<void> {
    let broken = false;
    let connection: FeedConnection | undefined;
    const breaks = (cause?: unknown) => {
      if (broken) return;
      broken = true;
      // One that was given up tells of its end too.
      if (connection === this.#connection) this.#break(cause);
    };
    const patience = new AbortController();
    const heard = (message: string) => !broken && this.#listener?.heard(message);
    const connecting = this.connect(heard, breaks, patience.signal);
    const fault = await faultOf(connecting);
    if (fault !== undefined) {
      patience.abort();
      return breaks(fault);
    }
    connection = await connecting;
    this.#connection = connection;
    if (broken || !this.#listener) return void (await this.#leave());
    this.#faults.succeeded(this.#kind);
    this.#listener.up();
  }

  #break(cause: unknown = new Error('the connection ended')): void {
    // One that was stopped ends as it should.
    if (this.#listener) this.#faults.failed(this.#kind, cause);
    this.#listener?.down();
    void this.#leave();
    clearTimeout(this.#retry);
    if (this.#listener) this.#retry = setTimeout(() => void this.#connect(), RETRY).unref();
  }

  async #leave(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    // Nobody uses it any more, whatever it says.
    await connection?.close().catch(() => {});
  }
}

/** Why it failed, or did not resolve in time; undefined where it did. */
function faultOf(work: Promise<unknown>): Promise<unknown> {
  return new Promise((done) => {
    const late = () => done(new Error(`the server did not answer within ${PATIENCE} ms`));
    const timer = setTimeout(late, PATIENCE);
    const settle = (fault?: unknown) => {
      clearTimeout(timer);
      done(fault);
    };
    work.then(
      () => settle(),
      (error: unknown) => settle(error ?? new Error('the server refused')),
    );
  });
}
