import type { Clock } from '../clock.js';
import type { CopyLedger } from '../copies/copy-ledger.js';
import type { SessionCopies } from '../copies/session-copies.js';
import { SharedMedium } from '../copies/shared-medium.js';
import type { FeedChannel, MessageFeed } from '../events/message-feed.js';
import type { Faults } from '../faults/faults.js';
import type { Denylist } from '../revocation/denylist.js';
import { EditionWatch } from './edition-watch.js';
import { HotCopies, type HotCopySettings } from './hot-copies.js';
import { RedisDenylist } from './redis-denylist.js';
import { RedisFeed } from './redis-feed.js';
import type { RedisLink } from './redis-link.js';
import { ToldLedger } from './told-ledger.js';

/** What is kept in Redis under one prefix, on a connection that somebody else opens and closes. */
export class RedisParts extends SharedMedium {
  constructor(
    private readonly link: RedisLink,
    private readonly settings: HotCopySettings,
    private readonly faults: () => Faults,
  ) {
    super();
  }

  override async open(): Promise<void> {}

  override async close(): Promise<void> {}

  override async denylist(clock: Clock): Promise<Denylist> {
    const denylist = new RedisDenylist(this.link, this.settings.prefix, clock);
    await denylist.verify();
    return denylist;
  }

  override async copies(ledger: CopyLedger, clock: Clock): Promise<SessionCopies> {
    const watch = new EditionWatch(new ToldLedger(ledger, this.faults()), clock);
    const copies = new HotCopies(this.link, watch, this.settings, this.faults());
    await copies.open();
    return copies;
  }

  override feed(channel: FeedChannel): MessageFeed {
    return new RedisFeed(this.link, `${this.settings.prefix}${channel}`);
  }
}
