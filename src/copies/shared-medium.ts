import type { Clock } from '../clock.js';
import { ConfigurationError } from '../errors.js';
import type { FeedChannel, MessageFeed } from '../events/message-feed.js';
import type { Faults } from '../faults/faults.js';
import { RevocationMedium } from '../options/revocation-medium.js';
import type { Denylist } from '../revocation/denylist.js';
import type { CopyLedger } from './copy-ledger.js';
import type { SessionCopies } from './session-copies.js';

/**
 * The port for a medium that processes share, such as Redis: extend it and override what yours can do. If an option asks for
 * something it cannot do, the app refuses to boot. Methods are called after the medium is open.
 */
export abstract class SharedMedium extends RevocationMedium {
  /** Opens it, and from then on reports faults of its server to `faults`. Rejects if the server cannot be reached. */
  abstract override open(faults?: Faults): Promise<void>;

  /**
   * The same medium for the module with this `realm`: on the same connection, with entries, copies and messages that no
   * other realm sees. Only the medium itself is opened and closed. Throws ConfigurationError if it cannot keep realms apart.
   */
  inRealm(_realm: string): SharedMedium {
    const mend = 'Override `inRealm`, or give each realm a medium of another kind';
    throw new ConfigurationError('realm', 'the medium of this module cannot keep realms apart', mend);
  }

  /** A denylist that every process shares, for `revocation.denylist`. Throws ConfigurationError if it might lose entries. */
  async denylist(_clock: Clock): Promise<Denylist> {
    throw cannot('revocation.denylist', 'keep a denylist');
  }

  /**
   * Strict copies of sessions, for `revocation.hotCopy`: once `drop` has resolved, no process reads what was dropped. `ledger`
   * says which copies may be read, and is kept in the database.
   */
  async copies(_ledger: CopyLedger, _clock: Clock): Promise<SessionCopies> {
    throw cannot('revocation.hotCopy', 'keep copies');
  }

  /** Messages to every process, for `messages` and `revocation.nearCopy.over`. Channels are separate from each other. */
  feed(channel: FeedChannel): MessageFeed {
    const option = channel === 'session_changes' ? 'messages' : 'revocation.nearCopy.over';
    throw cannot(option, 'carry messages');
  }
}

function cannot(option: string, what: string): ConfigurationError {
  return new ConfigurationError(option, `this medium cannot ${what}`, 'Use another medium, or leave the option out');
}
