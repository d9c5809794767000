import { type FeedChannel, type FeedConnection, MessageFeed } from '../../events/message-feed.js';
import type { SqlDatabase } from '../sql/sql-database.js';

/** The part of a node-postgres connection that is used here. */
interface Listening {
  connect(): Promise<unknown>;
  query(sql: string): Promise<unknown>;
  end(): Promise<unknown>;
  on(event: 'notification', listener: (message: { payload?: string | undefined }) => void): unknown;
  on(event: 'error' | 'end', listener: () => void): unknown;
}
/** The part of a node-postgres `Pool` of which connections of its kind are made. */
export interface ListeningPool {
  readonly options: object;
  readonly Client: new (options: object) => Listening;
}

/** Messages on a channel of LISTEN and NOTIFY of PostgreSQL, on a separate connection beside the pool. */
export class PostgresFeed extends MessageFeed {
  constructor(
    private readonly pool: ListeningPool,
    private readonly database: SqlDatabase,
    private readonly channel: FeedChannel,
  ) {
    super();
  }

  override async publish(message: string): Promise<void> {
    await this.database.rows('SELECT pg_notify(?, ?)', [this.channel, message]);
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
    client.on('notification', ({ payload = '' }) => heard(payload));
    await client.connect();
    await client.query(`LISTEN ${this.channel}`);
    return { probe: async () => void (await client.query('SELECT 1')), close: () => client.end() };
  }
}
