import { createClient } from 'redis';
import type { Clock } from '../clock.js';
import { ConfigurationError } from '../errors.js';
import { type Faults, UNHEARD } from '../faults/faults.js';
import type { Duration } from '../options/duration.js';
import { flag, oneOf, refuseUnknown, text, timer } from '../options/option-readers.js';
import type { FeedChannel, MessageFeed } from '../events/message-feed.js';
import type { CopyLedger } from '../copies/copy-ledger.js';
import type { SessionCopies } from '../copies/session-copies.js';
import type { Denylist } from '../revocation/denylist.js';
import { SharedMedium } from '../copies/shared-medium.js';
import { EditionWatch } from './edition-watch.js';
import { HotCopies } from './hot-copies.js';
import type { RedisClient } from './redis-client.js';
import { RedisDenylist } from './redis-denylist.js';
import { RedisFeed } from './redis-feed.js';
import { RedisLink } from './redis-link.js';
import { ToldLedger } from './told-ledger.js';

/** Where Redis or Valkey is, and how it is used. */
export interface SessionRedisOptions {
  /** Where the server is, such as `redis://localhost:6379`. Give this or `client`. */
  url?: string;
  /** A client of node-redis: `createClient`, `createSentinel` or `createCluster`. Connected here unless the app has. */
  client?: RedisClient;
  /**
   * What every key begins with: one for each app on a server.
   * @default 'sessions:'
   */
  prefix?: string;
  /**
   * How long a command may take before Redis counts as lost.
   * @default '500ms'
   */
  timeout?: Duration;
  /**
   * Who answers the check `session` while Redis is lost: the database, or nobody (503).
   * @default 'database'
   */
  whenLost?: 'database' | 'refuse';
  /**
   * Whether hot copies are read; false in the first of the two deployments that switch them on in a running fleet.
   * @default true
   */
  reads?: boolean;
}

const KNOWN: Record<keyof SessionRedisOptions, true> = {
  url: true,
  client: true,
  prefix: true,
  timeout: true,
  whenLost: true,
  reads: true,
};

/**
 * Redis (7 or later) or Valkey for `revocation.denylist`, `revocation.hotCopy`, `revocation.nearCopy` and `messages`. One may
 * serve all of them. Throws ConfigurationError for options that make no sense.
 */
export class SessionRedis extends SharedMedium {
  readonly #link: RedisLink;
  readonly #settings: { prefix: string; whenLost: 'database' | 'refuse'; reads: boolean };
  readonly #ours: boolean;
  #faults = UNHEARD;

  constructor(options: SessionRedisOptions) {
    super();
    refuseUnknown('SessionRedis.', options, KNOWN);
    this.#settings = Object.freeze({
      prefix: text('SessionRedis.prefix', options.prefix ?? 'sessions:'),
      whenLost: oneOf('SessionRedis.whenLost', options.whenLost ?? 'database', ['database', 'refuse']),
      reads: flag('SessionRedis.reads', options.reads ?? true),
    });
    const client = clientOf(options);
    this.#ours = !client.isOpen;
    const timeout = timer('SessionRedis.timeout', options.timeout ?? '500ms');
    this.#link = new RedisLink(client, timeout);
  }

  override open(faults: Faults = UNHEARD): Promise<void> {
    this.#faults = faults;
    return this.#link.open(faults);
  }

  override async close(): Promise<void> {
    if (this.#ours) await this.#link.close();
  }

  override async denylist(clock: Clock): Promise<Denylist> {
    const denylist = new RedisDenylist(this.#link, this.#settings.prefix, clock);
    await denylist.verify();
    return denylist;
  }

  override async copies(ledger: CopyLedger, clock: Clock): Promise<SessionCopies> {
    const watch = new EditionWatch(new ToldLedger(ledger, this.#faults), clock);
    const copies = new HotCopies(this.#link, watch, this.#settings, this.#faults);
    await copies.open();
    return copies;
  }

  override feed(channel: FeedChannel): MessageFeed {
    return new RedisFeed(this.#link, `${this.#settings.prefix}${channel}`);
  }
}

function clientOf({ url, client }: SessionRedisOptions): RedisClient {
  if ((url === undefined) === (client === undefined)) {
    throw new ConfigurationError('SessionRedis', 'it needs one of `url` and `client`', "Give `url: 'redis://…'`, say");
  }
  return client ?? clientAt(text('SessionRedis.url', url));
}

function clientAt(url: string): RedisClient {
  try {
    // Commands of a moment ago are of no use once it is back.
    return createClient({ url, disableOfflineQueue: true });
  } catch {
    throw new ConfigurationError(
      'SessionRedis.url',
      'it is not the address of a Redis',
      "Write 'redis://HOST:PORT', say",
    );
  }
}
