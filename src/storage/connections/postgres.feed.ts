import { type FeedConnection, MessageFeed } from '../../events/message-feed.js';
import { Echo } from './echo.js';
import type { SqlDatabase } from '../sql/sql-database.js';

/** The part of a node-postgres connection that is used here. */
interface Listening {
  connect(): Promise<unknown>;
  query(sql: string): Promise<unknown>;
  end(): Promise<unknown>;
  on(event: 'notification', listener: (message: Notification) => void): unknown;
  on(event: 'error' | 'end', listener: () => void): unknown;
}
interface Notification {
  readonly channel: string;
  readonly payload?: string | undefined;
}
/** The part of a node-postgres `Pool` of which connections of its kind are made. */
export interface ListeningPool {
  readonly options: object;
  readonly Client: new (options: object) => Listening;
}

/**
 * Messages on a channel of LISTEN and NOTIFY of PostgreSQL, on a separate connection beside the pool. A pooler in
 * transaction mode accepts LISTEN and delivers nothing, so the connection has to hear itself.
 */
export class PostgresFeed extends MessageFeed {
  readonly #echo = new Echo();

  constructor(
    private readonly pool: ListeningPool,
    private readonly database: SqlDatabase,
    private readonly channel: string,
  ) {
    super();
  }

  override async publish(message: string): Promise<void> {
    await this.#notify(this.channel, message);
  }

  protected override async connect(
    heard: (message: string) => void,
    broken: () => void,
    gaveUp: AbortSignal,
  ): Promise<FeedConnection> {
    const client = new this.pool.Client(this.pool.options);
    gaveUp.addEventListener('abort', () => void client.end().catch(() => {}));
    client.on('error', broken);
    client.on('end', broken);
    client.on('notification', ({ channel, payload = '' }) => {
      if (channel === this.#echo.channel) this.#echo.heard();
      else heard(payload);
    });
    await client.connect();
    for (const channel of [this.#echo.channel, this.channel]) await client.query(`LISTEN ${channel}`);
    return {
      probe: async () => void (await client.query('SELECT 1')),
      // Sent over the pool: behind a pooler, the connection that listens could hear what it sends itself, and nothing else.
      hearsItself: () => this.#echo.follows((channel) => this.#notify(channel, '')),
      close: () => client.end(),
    };
  }

  #notify(channel: string, message: string): Promise<unknown> {
    return this.database.rows('SELECT pg_notify(?, ?)', [channel, message]);
  }
}
