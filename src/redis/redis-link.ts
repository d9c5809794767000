import { steadyTime } from '../clock.js';
import { type Faults, UNHEARD } from '../faults/faults.js';
import { type RedisClient, within } from './redis-client.js';

/** After a fault nobody asks for so long whether Redis is back, in milliseconds. */
const BREAK = 1_000;

/** A connection to Redis that answers in time or fails, and that knows when it is no use asking. */
export class RedisLink {
  #brokenUntil = Number.NEGATIVE_INFINITY;
  #faults = UNHEARD;
  #fault: unknown;

  /** `timeout` bounds each command, in milliseconds. */
  constructor(
    readonly client: RedisClient,
    private readonly timeout: number,
  ) {
    client.on('error', (error) => this.#faults.failed('redis', error));
    client.on('ready', () => this.#faults.succeeded('redis'));
  }

  /**
   * Connects, unless the app has; a server that cannot be reached yet is tried again in the background. `faults` hears
   * of it, and of what happens later.
   */
  async open(faults: Faults = UNHEARD): Promise<void> {
    this.#faults = faults;
    if (this.client.isOpen) return;
    const connected = this.client.connect();
    connected.catch(() => {});
    await within(this.timeout, connected).catch((error: unknown) => faults.failed('redis', error));
  }

  /** Whether the last command failed a moment ago, so that the next had better not wait for its turn. */
  get broken(): boolean {
    return steadyTime() < this.#brokenUntil;
  }

  /** Why the last command failed that did, if one has. */
  get fault(): unknown {
    return this.#fault;
  }

  /** Sends a command. Rejects when Redis refuses it, or does not answer in time. */
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
    // A script it does not know yet is sent to it, or opens another edition: no fault.
    if (isUnknownScript(error)) return;
    this.#fault = error;
    this.#faults.failed('redis', error);
    if (!isReply(error)) this.#brokenUntil = steadyTime() + BREAK;
  }

  async close(): Promise<void> {
    try {
      await within(this.timeout, this.client.close());
    } catch {
      // It did not let go in time, and whoever waits for an answer is gone.
      await Promise.resolve(this.client.destroy()).catch(() => {});
    }
  }
}

/** Whether Redis answered at all, and refused: to be told from a fault of the connection. */
function isReply(error: unknown): boolean {
  return error instanceof Error && /^[A-Z]+ /.test(error.message);
}

/** Whether Redis answered that it does not know the script: it was restarted, flushed of scripts, or is another. */
export function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
