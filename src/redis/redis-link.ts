import { steadyTime } from '../clock.js';
import { type Faults, UNHEARD } from '../faults/faults.js';
import { type RedisClient, within } from './redis-client.js';

/** How long after a fault Redis is not asked again, in milliseconds. */
const BREAK = 1_000;

/** A connection to Redis whose commands answer in time or fail, and that knows when asking is pointless. */
export class RedisLink {
  #brokenUntil = Number.NEGATIVE_INFINITY;
  #faults = UNHEARD;
  #fault: unknown;
  #opening: Promise<void> | undefined;

  /** `timeout` bounds each command, in milliseconds. */
  constructor(
    readonly client: RedisClient,
    private readonly timeout: number,
  ) {
    client.on('error', (error) => this.#faults.failed('redis', error));
    client.on('ready', () => this.#faults.succeeded('redis'));
  }

  /**
   * Connects, unless the app already has. If the server cannot be reached yet, the client goes on trying in the background.
   * That, and every later fault, is reported to `faults`.
   */
  open(faults: Faults = UNHEARD): Promise<void> {
    this.#faults = faults;
    // A client counts as open from the beginning: a second module has to wait as well.
    this.#opening ??= this.#connect();
    return this.#opening;
  }

  /** Whether a command failed a moment ago, so that it is better not to wait for another one. */
  get broken(): boolean {
    return steadyTime() < this.#brokenUntil;
  }

  /** The error of the last command that failed, if any has. */
  get fault(): unknown {
    return this.#fault;
  }

  /** Sends a command. Rejects if Redis refuses it or does not answer in time. */
  async ask<T>(command: (client: RedisClient) => Promise<T>): Promise<T> {
    try {
      const answer = await within(this.timeout, command(this.client));
      this.#faults.succeeded('redis');
      return answer;
    } catch (error) {
      this.#note(error);
      throw error;
    }
  }

  #note(error: unknown): void {
    // Not a fault: the caller sends an unknown script again, or opens another edition.
    if (isUnknownScript(error)) return;
    this.#fault = error;
    this.#faults.failed('redis', error);
    if (!isReply(error)) this.#brokenUntil = steadyTime() + BREAK;
  }

  async #connect(): Promise<void> {
    if (this.client.isOpen) return;
    const connected = this.client.connect();
    connected.catch(() => {});
    await within(this.timeout, connected).catch((error: unknown) => this.#faults.failed('redis', error));
  }

  async close(): Promise<void> {
    this.#opening = undefined;
    try {
      await within(this.timeout, this.client.close());
    } catch {
      // It did not close in time, and at shutdown nobody waits for its answers any more.
      await Promise.resolve(this.client.destroy()).catch(() => {});
    }
  }
}

/** Whether Redis answered with an error, so that the connection works. */
function isReply(error: unknown): boolean {
  return error instanceof Error && /^[A-Z]+ /.test(error.message);
}

/** Whether Redis does not know the script: because it was restarted, its scripts were flushed, or it is another server. */
export function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
