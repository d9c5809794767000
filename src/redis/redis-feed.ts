import { randomUUID } from 'node:crypto';
import { MessageFeed, type FeedConnection } from '../events/message-feed.js';
import { type RedisClient, subscriberOf } from './redis-client.js';
import type { RedisLink } from './redis-link.js';

/** Messages over publish and subscribe of Redis. In a cluster, every node passes them on to the others. */
export class RedisFeed extends MessageFeed {
  constructor(
    private readonly link: RedisLink,
    private readonly channel: string,
  ) {
    super();
  }

  override async publish(message: string): Promise<void> {
    await this.link.ask((client) => client.publish(this.channel, message));
  }

  protected override async connect(
    heard: (message: string) => void,
    broken: (cause?: unknown) => void,
    gaveUp: AbortSignal,
  ): Promise<FeedConnection> {
    const subscriber = await subscriberOf(this.link.client);
    const close = async () => void (await subscriber.destroy());
    // Errors of closing do not matter: the caller has given up already.
    gaveUp.addEventListener('abort', () => void close().catch(() => {}));
    subscriber.on('error', broken);
    await subscriber.connect();
    for (const event of ['end', 'reconnecting', 'topology-change'])
      subscriber.on(event, () => broken(new Error(`the connection reported '${event}'`)));
    const echo = new Echo(`${this.channel}:${randomUUID()}`, this.link.client);
    await subscriber.subscribe(this.channel, heard);
    await subscriber.subscribe(echo.channel, () => echo.heard());
    return { probe: () => echo.probe(), close };
  }
}

/** A message from this process to itself. It only arrives if everything in between works. */
class Echo {
  #waiting: (() => void)[] = [];

  constructor(
    readonly channel: string,
    private readonly client: RedisClient,
  ) {}

  heard(): void {
    for (const done of this.#waiting.splice(0)) done();
  }

  async probe(): Promise<void> {
    const heard = new Promise<void>((done) => {
      this.#waiting.push(done);
    });
    await this.client.publish(this.channel, '');
    await heard;
  }
}
