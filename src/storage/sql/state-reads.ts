import type { SessionState } from '../../sessions/session.js';
import type { SessionKey } from '../../sessions/session-store.js';
import { toState } from './session-row.js';
import type { SqlDatabase } from './sql-database.js';
import type { SqlRow } from './sql-value.js';

/** How many sessions one query reads at most. */
const MAX_BATCH = 64;
/** How many requests may wait at once. Further ones are refused, so that a fault cannot fill the memory. */
const MAX_WAITING = 10_000;

/** A request that waits for the state of its session. */
interface Read extends SessionKey {
  readonly resolve: (state: SessionState | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads the states of sessions with one query for all requests of one turn of the event loop. This is still strict: the query
 * begins after the last of them has come, and its answer is not kept.
 */
export class StateReads {
  #gathering: Read[] = [];
  #waiting = 0;
  /** The statements by number of sessions. Cached, because prepared statements are found by their text. */
  readonly #statements = new Map<number, string>();

  constructor(private readonly database: SqlDatabase) {}

  /** What a check needs to know about a session, or undefined if the user has no such session. */
  read({ guid, userId }: SessionKey): Promise<SessionState | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#waiting >= MAX_WAITING) throw new Error(`${MAX_WAITING} requests wait for the database already`);
      this.#waiting += 1;
      // The first request of a turn schedules the query for after all ready sockets have been read.
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
      // Promises that were already settled ignore this.
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
      // No session has an empty guid.
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

/** The next power of two, so that there are few statements to prepare. */
function roundedUp(length: number): number {
  return 2 ** Math.ceil(Math.log2(length));
}
