/** The edition while no copies may be read. */
export const NO_EDITION = '';

/** The edition of copies that may be read, and what became of those before it. */
export interface LedgerEntry {
  readonly edition: string;
  /** How many editions were retired so far. */
  readonly retired: number;
  /** For how long the last of them has been, in milliseconds by the clock of the database. */
  readonly age: number;
}

/**
 * Which copies may be read at all: kept in the database, where every process asks, so that a server that kept stale
 * copies through a restart or a failover is not believed. The port of its storage.
 */
export abstract class CopyLedger {
  /** The latest entry, from the primary. */
  abstract read(): Promise<LedgerEntry>;
  /** Compare and swap; false when `from` is not the edition any more. */
  abstract replace(from: string, to: string): Promise<boolean>;
}
