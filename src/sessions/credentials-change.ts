import type { Companion } from './companion.js';
import type { StoredCutoff } from './session-store.js';

/** What a change of password keeps, and what it stores. */
export interface CredentialsChange {
  /** The guid of the session that stays, usually that of the request. */
  readonly keep?: string | undefined;
  /**
   * Writes the new password in the transaction of the cutoff, so that both are stored or neither is. It may run again, and
   * must write only through the transaction that it is given. If it rejects, the method rejects and nothing has changed.
   */
  readonly companion?: Companion<StoredCutoff> | undefined;
}
