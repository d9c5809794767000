/** What can fail apart from a single request; each has one line in the log when it begins and one when it is over. */
export type FaultKind =
  | 'store'
  | 'users'
  | 'check'
  | 'redis'
  | 'copyLedger'
  | 'hotCopies'
  | 'staleFeed'
  | 'liveFeed'
  | 'unheard'
  | 'word'
  | 'purge'
  | 'listener'
  | 'futureTokens'
  | 'clockOff'
  | 'clockWrong';

/** Receives everything that fails and everything that works again. Neither method throws or waits. */
export interface Faults {
  /**
   * Reports a failure, and `where` it was noticed if that is known. A cause that was reported before counts for the
   * kind that was named first: the code nearest to a fault names it.
   */
  failed(kind: FaultKind, cause: unknown, where?: string): void;
  /** Reports a success; costs one comparison while nothing fails. */
  succeeded(kind: FaultKind): void;
}

/** For use without a log: nothing is reported. */
export const UNHEARD: Faults = { failed: () => {}, succeeded: () => {} };
