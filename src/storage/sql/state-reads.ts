import type { SessionState } from '../../sessions/session.js';
import type { SessionKey } from '../../sessions/session-store.js';
import { toState } from './session-row.js';
import type { SqlDatabase } from './sql-database.js';
import type { SqlRow } from './sql-value.js';

/** The most sessions one query asks for. */
const MAX_BATCH = 64;
/** Requests that may wait at once; further ones are refused, so that a fault cannot fill the memory. */
const MAX_WAITING = 10_000;

/** A request that waits for the state of its session. */
interface Read extends SessionKey {
  readonly resolve: (state: SessionState | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads the states of sessions, for all requests of one turn of the event loop with one query. Still strict: the query
 * begins after the last of them came, and nothing of it is kept.
 */
export class StateReads {
  #gathering: Read[] = [];
  #waiting = 0;
  /** The statements by the number of sessions, made once: prepared statements are found by their text. */
  readonly #statements = new Map<number, string>();

  constructor(private readonly database: SqlDatabase) {}

  /** What a verdict needs of a session, or undefined for one the user does not have. */
  read({ guid, userId }: SessionKey): Promise<SessionState | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#waiting >= MAX_WAITING) throw new Error(`${MAX_WAITING} requests wait for the database already`);
      this.#waiting += 1;
      // Its first request of a turn sends it, once the sockets that are ready have been read.
      if (this.#gathering.push({ guid, userId, resolve, reject }) === 1) setImmediate(() => this.#send());
    });
  }

  #send(): void {
    const reads = this.#gathering;
    this.#gathering = [];
    for (let from = 0; from < reads.length; from += MAX_BATCH) {
      void this.#answer(reads.length > MAX_BATCH ? reads.slice(from, from + MAX_BATCH) : reads);
    }
  }

  async #answer(reads: readonly Read[]): Promise<void> {
    try {
      for (const row of await this.#query(reads)) reads[Number(row.at)]?.resolve(toState(row));
      // No more than a word to those who were told already.
      for (const { resolve } of reads) resolve(undefined);
    } catch (error) {
      for (const { reject } of reads) reject(error);
    } finally {
      this.#waiting -= reads.length;
    }
  }

  #query(reads: readonly Read[]): Promise<SqlRow[]> {
    const size = roundedUp(reads.length);
    const values: string[] = [];
    for (let index = 0; index < size; index++) {
      // Nobody is called by the empty name.
      const { guid, userId } = reads[index] ?? { guid: '', userId: '' };
      values.push(guid, userId);
    }
    return this.database.rows(this.#statement(size), values);
  }

  #statement(size: number): string {
    const statement = this.#statements.get(size) ?? this.database.dialect.check(size);
    this.#statements.set(size, statement);
    return statement;
  }
}

/** The next power of two: few statements to prepare. */
function roundedUp(length: number): number {
  return 2 ** Math.ceil(Math.log2(length));
}
