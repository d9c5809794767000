/** What can fail beside a request; each has one line in the log when it begins and one when it is over. */
export type FaultKind =
  | 'store'
  | 'users'
  | 'check'
  | 'redis'
  | 'copyLedger'
  | 'hotCopies'
  | 'staleFeed'
  | 'liveFeed'
  | 'word'
  | 'purge'
  | 'listener'
  | 'futureTokens'
  | 'clockOff'
  | 'clockWrong';

/** Hears of everything that fails and of what works again. Neither method throws or waits. */
export interface Faults {
  /**
   * It failed, `where` it was noticed if that is known. A cause that was told before counts for the kind that was named
   * first: whoever is nearest to a fault names it.
   */
  failed(kind: FaultKind, cause: unknown, where?: string): void;
  /** It worked; costs one comparison while nothing fails. */
  succeeded(kind: FaultKind): void;
}

/** For whoever runs without a log: nothing is heard. */
export const UNHEARD: Faults = { failed: () => {}, succeeded: () => {} };
