import type { Clock } from '../clock.js';
import type { Faults } from '../faults/faults.js';
import { RevocationMedium } from '../options/revocation-medium.js';
import type { MessageFeed } from '../events/message-feed.js';
import type { CopyLedger } from './copy-ledger.js';
import type { SessionCopies } from './session-copies.js';
import type { Denylist } from '../revocation/denylist.js';

/** What a medium offers beneath the options. The port of its kinds; open it before you ask for anything. */
export abstract class SharedMedium extends RevocationMedium {
  /** Opens it; what becomes of its server is told to `faults`. */
  abstract override open(faults?: Faults): Promise<void>;
  /** A denylist every process shares. Throws ConfigurationError where it could forget entries. */
  abstract denylist(clock: Clock): Promise<Denylist>;
  /** Copies of sessions that are strict: one that was dropped is read nowhere. */
  abstract copies(ledger: CopyLedger, clock: Clock): Promise<SessionCopies>;
  /** Tells every process what became stale. */
  abstract feed(): MessageFeed;
}
