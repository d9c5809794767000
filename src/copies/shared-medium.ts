import type { Clock } from '../clock.js';
import { ConfigurationError } from '../errors.js';
import type { FeedChannel, MessageFeed } from '../events/message-feed.js';
import type { Faults } from '../faults/faults.js';
import { RevocationMedium } from '../options/revocation-medium.js';
import type { Denylist } from '../revocation/denylist.js';
import type { CopyLedger } from './copy-ledger.js';
import type { SessionCopies } from './session-copies.js';

/**
 * What a medium offers beneath the options. The port of its kinds: extend it and override what yours can do. What it cannot do
 * refuses to boot for whoever asks for it. Each method is called once the medium is open.
 */
export abstract class SharedMedium extends RevocationMedium {
  /** Opens it; what becomes of its server is told to `faults`. Rejects where it cannot be reached. */
  abstract override open(faults?: Faults): Promise<void>;

  /** A denylist that every process shares, for `revocation.denylist`. Throws ConfigurationError where it could forget entries. */
  async denylist(_clock: Clock): Promise<Denylist> {
    throw cannot('revocation.denylist', 'keep a denylist');
  }

  /**
   * Copies of sessions that are strict, for `revocation.hotCopy`: once `drop` has resolved, no process reads what was dropped.
   * `ledger` says which copies count, and is kept in the database.
   */
  async copies(_ledger: CopyLedger, _clock: Clock): Promise<SessionCopies> {
    throw cannot('revocation.hotCopy', 'keep copies');
  }

  /** Messages to every process, for `messages` and `revocation.nearCopy.over`; channels do not hear each other. */
  feed(channel: FeedChannel): MessageFeed {
    const option = channel === 'session_changes' ? 'messages' : 'revocation.nearCopy.over';
    throw cannot(option, 'carry messages');
  }
}

function cannot(option: string, what: string): ConfigurationError {
  return new ConfigurationError(option, `this medium cannot ${what}`, 'Give another one, or leave the option out');
}
