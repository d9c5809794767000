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
import type { HotCopySettings } from './hot-copies.js';
import type { RedisClient } from './redis-client.js';
import { RedisLink } from './redis-link.js';
import { RedisParts } from './redis-parts.js';

/** Where Redis or Valkey runs, and how to use it. */
export interface SessionRedisOptions {
  /** The URL of the server, such as `redis://localhost:6379`. Give either this or `client`. */
  url?: string;
  /** A client of node-redis: from `createClient`, `createSentinel` or `createCluster`. Connected at boot if it is not open yet. */
  client?: RedisClient;
  /**
   * The prefix of every key. Use a different one for each app on the same server.
   * @default 'sessions:'
   */
  prefix?: string;
  /**
   * How long a command may take before Redis counts as lost.
   * @default '500ms'
   */
  timeout?: Duration;
  /**
   * What happens to the check `session` while Redis is lost: the database answers, or requests are refused with 503.
   * @default 'database'
   */
  whenLost?: 'database' | 'refuse';
  /**
   * Whether hot copies are read. Set it to false in the first of the two deployments that turn them on without downtime.
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
 * Redis (7 or later) or Valkey, for `revocation.denylist`, `revocation.hotCopy`, `revocation.nearCopy` and `messages`. One
 * instance can serve all of them. Throws ConfigurationError for invalid options.
 */
export class SessionRedis extends SharedMedium {
  readonly #link: RedisLink;
  readonly #settings: HotCopySettings;
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

  /** Keys and channels of a realm begin with its name too: `sessions:admin:`. */
  override inRealm(realm: string): SharedMedium {
    return this.#partsAt(`${this.#settings.prefix}${realm}:`);
  }

  override denylist(clock: Clock): Promise<Denylist> {
    return this.#partsAt().denylist(clock);
  }

  override copies(ledger: CopyLedger, clock: Clock): Promise<SessionCopies> {
    return this.#partsAt().copies(ledger, clock);
  }

  override feed(channel: FeedChannel): MessageFeed {
    return this.#partsAt().feed(channel);
  }

  #partsAt(prefix = this.#settings.prefix): RedisParts {
    return new RedisParts(this.#link, { ...this.#settings, prefix }, () => this.#faults);
  }
}

function clientOf({ url, client }: SessionRedisOptions): RedisClient {
  if ((url === undefined) === (client === undefined)) {
    throw new ConfigurationError(
      'SessionRedis',
      'it needs exactly one of `url` and `client`',
      "Give, for example, `url: 'redis://…'`",
    );
  }
  return client ?? clientAt(text('SessionRedis.url', url));
}

function clientAt(url: string): RedisClient {
  try {
    // By the time Redis is back, nobody waits for the answers to queued commands.
    return createClient({ url, disableOfflineQueue: true });
  } catch {
    throw new ConfigurationError(
      'SessionRedis.url',
      'it is not a Redis URL',
      "Write, for example, 'redis://HOST:PORT'",
    );
  }
}
