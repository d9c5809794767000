import { randomUUID } from 'node:crypto';

/** How long a message that was sent may take to arrive, in milliseconds. */
const PATIENCE = 2_000;

/** Messages from this process to itself, on a channel of their own. */
export class Echo {
  /** The name of the channel, which no other process has. */
  readonly channel = `session_echo_${randomUUID().replaceAll('-', '')}`;
  #waiting: (() => void)[] = [];

  /** Such a message arrived. */
  heard(): void {
    for (const done of this.#waiting.splice(0)) done();
  }

  /** Sends one with `send`, and resolves to whether it arrives. Rejects like `send`. */
  async follows(send: (channel: string) => Promise<unknown>): Promise<boolean> {
    const heard = new Promise<void>((done) => void this.#waiting.push(done));
    await send(this.channel);
    return inTime(heard);
  }
}

function inTime(heard: Promise<void>): Promise<boolean> {
  return new Promise((resolve) => {
    // If the process was busy, the message may be there already: sockets are read before what is set here.
    const timer = setTimeout(() => setImmediate(() => resolve(false)), PATIENCE).unref();
    void heard.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
