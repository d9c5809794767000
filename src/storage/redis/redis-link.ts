import { steadyTime } from '../../clock.js';
import { type RedisClient, within } from './redis-client.js';

/** After a fault nobody asks for so long whether Redis is back, in milliseconds. */
const BREAK = 1_000;

/** A connection to Redis that answers in time or fails, and that knows when it is no use asking. */
export class RedisLink {
  #brokenUntil = Number.NEGATIVE_INFINITY;

  /** `timeout` bounds each command, in milliseconds; `onFault` hears of faults of the connection. */
  constructor(
    readonly client: RedisClient,
    private readonly timeout: number,
    onFault: (error: unknown) => void,
  ) {
    client.on('error', onFault);
  }

  /** Connects, unless the app has; a server that cannot be reached yet is tried again in the background. */
  async open(): Promise<void> {
    if (this.client.isOpen) return;
    const connected = this.client.connect();
    connected.catch(() => {});
    await within(this.timeout, connected).catch(() => {});
  }

  /** Whether the last command failed a moment ago, so that the next had better not wait for its turn. */
  get broken(): boolean {
    return steadyTime() < this.#brokenUntil;
  }

  /** Sends a command. Rejects when Redis refuses it, or does not answer in time. */
  async ask<T>(command: (client: RedisClient) => Promise<T>): Promise<T> {
    try {
      return await within(this.timeout, command(this.client));
    } catch (error) {
      if (!isReply(error)) this.#brokenUntil = steadyTime() + BREAK;
      throw error;
    }
  }

  async close(): Promise<void> {
    try {
      await within(this.timeout, this.client.close());
    } catch {
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
