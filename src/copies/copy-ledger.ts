/** The name of the edition while no copies may be read. */
export const NO_EDITION = '';

/** The edition of copies that may be read, and what is known about the retired ones. */
export interface LedgerEntry {
  readonly edition: string;
  /** How many editions have been retired so far. */
  readonly retired: number;
  /** How long ago the last one was retired, in milliseconds by the database's clock. */
  readonly age: number;
}

/**
 * The port for storing which copies may be read at all. It is kept in the database, where every process asks, so that stale
 * copies on a server that was restarted or failed over are not used.
 */
export abstract class CopyLedger {
  /** The latest entry, from the primary. */
  abstract read(): Promise<LedgerEntry>;
  /** Compare and swap. False if `from` is not the current edition any more. */
  abstract replace(from: string, to: string): Promise<boolean>;
}
