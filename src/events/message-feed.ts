import { type FaultKind, type Faults, UNHEARD } from '../faults/faults.js';

/** What the messages of a feed are about: stale copies of sessions, or users whose sessions changed. */
export type FeedChannel = 'session_copies_stale' | 'session_changes';

/** A listener of a feed. */
export interface FeedListener {
  heard(message: string): void;
  /** From now on every message is heard. */
  up(): void;
  /** Messages may have been missed. */
  down(): void;
}

/** A connection that receives messages. */
export interface FeedConnection {
  /** Resolves if it still answers. */
  probe(): Promise<void>;
  /**
   * Sends a message to itself, by the way that other processes send theirs. Resolves to whether it arrived; rejects if it
   * could not be sent. Leave it out if a connection that answers surely hears.
   */
  hearsItself?(): Promise<boolean>;
  close(): Promise<unknown>;
}

/** Who asks every second whether a feed works asks for a proof once in so many seconds. */
export const SECONDS_PER_PROOF = 30;

const RETRY = 250;
/** The way to the server has to change before messages are heard on it. */
const UNHEARD_RETRY = 30_000;
const PATIENCE = 1_000;

/** Carries short messages to every process, and reconnects by itself. The port that each kind of feed implements. */
export abstract class MessageFeed {
  #listener: FeedListener | undefined;
  #connection: FeedConnection | undefined;
  #retry: NodeJS.Timeout | undefined;
  #faults = UNHEARD;
  #kind: FaultKind = 'liveFeed';
  #wasUnheard = false;

  /** Resolves once the message was sent to the listeners. */
  abstract publish(message: string): Promise<void>;
  /**
   * Connects, and resolves once messages are received. `broken` is called when they may no longer be, with the reason
   * if it is known. If `gaveUp` fires, connecting took too long, and it closes what it opened.
   */
  protected abstract connect(
    heard: (message: string) => void,
    broken: (cause?: unknown) => void,
    gaveUp: AbortSignal,
  ): Promise<FeedConnection>;

  /**
   * Makes it report a fault of this kind when it no longer receives messages, and when it does again. Returns itself.
   */
  toldTo(faults: Faults, kind: FaultKind): this {
    this.#faults = faults;
    this.#kind = kind;
    return this;
  }

  /** Like `publish`, for callers that continue without it: never rejects, and a lost message is reported as a fault. */
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

  /** Checks whether the connection, if there is one, still answers; one that does not is replaced. */
  async probe(): Promise<boolean> {
    const connection = this.#connection;
    if (!connection) return false;
    const fault = await faultOf(connection.probe());
    if (fault !== undefined && connection === this.#connection) this.#break(fault);
    return fault === undefined && connection === this.#connection;
  }

  /**
   * Checks whether a message to itself arrives, for connections that can tell; a connection that hears nothing is
   * replaced. Costs a message to the server.
   */
  async prove(): Promise<boolean> {
    const connection = this.#connection;
    if (!connection) return false;
    const doubt = await doubtOf(connection);
    // A message that could not be sent tells nothing about those of others.
    if (!(doubt instanceof UnheardMessage)) return this.probe();
    // It was heard before: another connection may hear again, and tells if it does not.
    if (connection === this.#connection) this.#break(new Error(doubt.message));
    return false;
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
      // A connection that was given up reports its end too.
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
    await this.#join(connection);
  }

  /** Messages count as heard once the first has arrived. */
  async #join(connection: FeedConnection): Promise<void> {
    const doubt = await doubtOf(connection);
    // It was lost or stopped meanwhile.
    if (connection !== this.#connection) return;
    if (doubt !== undefined) return this.#break(doubt);
    this.#faults.succeeded(this.#kind);
    if (this.#wasUnheard) this.#faults.succeeded('unheard');
    this.#wasUnheard = false;
    this.#listener?.up();
  }

  #break(cause: unknown = new Error('the connection ended')): void {
    const isUnheard = cause instanceof UnheardMessage;
    this.#wasUnheard ||= isUnheard;
    // A connection that was stopped ends as expected.
    if (this.#listener) this.#faults.failed(isUnheard ? 'unheard' : this.#kind, cause);
    this.#listener?.down();
    void this.#leave();
    clearTimeout(this.#retry);
    const pause = isUnheard ? UNHEARD_RETRY : RETRY;
    if (this.#listener) this.#retry = setTimeout(() => void this.#connect(), pause).unref();
  }

  async #leave(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    // It is no longer used, whatever it reports.
    await connection?.close().catch(() => {});
  }
}

/** The connection works, but what is sent to its channel does not arrive. */
class UnheardMessage extends Error {
  override message = 'a message that this process sent to itself did not arrive';
}

/** Why it is not sure that messages are heard; undefined if it is. */
async function doubtOf(connection: FeedConnection): Promise<unknown> {
  try {
    return (await connection.hearsItself?.()) === false ? new UnheardMessage() : undefined;
  } catch (error) {
    return error ?? new Error('the server refused');
  }
}

/** Why it failed, or did not resolve in time; undefined if it succeeded. */
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
