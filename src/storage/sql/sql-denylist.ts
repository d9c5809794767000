import { laterMark } from '../../sessions/cutoff.js';
import { type Denial, Denylist } from '../../revocation/denylist.js';
import { type CutoffMark, NO_CUTOFF } from '../../sessions/cutoff.js';
import type { SessionKey } from '../../sessions/session-store.js';
import { EVERYBODY, sessionSubject, userSubject } from './denials.js';
import { toMark } from './session-row.js';
import type { SqlDatabase } from './sql-database.js';
import * as sql from './statements.js';

/** Entries in a table next to the sessions. All processes on the database share them, and they survive restarts. */
export class SqlDenylist extends Denylist {
  constructor(private readonly database: SqlDatabase) {
    super();
  }

  override denySession({ guid }: SessionKey, until: number): Promise<void> {
    return this.#deny(sessionSubject(guid), NO_CUTOFF, until);
  }

  override denyUser(userId: string | null, mark: CutoffMark, until: number): Promise<void> {
    return this.#deny(userId === null ? EVERYBODY : userSubject(userId), mark, until);
  }

  override async find({ guid, userId }: SessionKey): Promise<Denial> {
    const session = sessionSubject(guid);
    const subjects = { session, user: userSubject(userId), everybody: EVERYBODY };
    const rows = await this.database.rows(...sql.DENIALS.with(subjects));
    const marks = rows.filter(({ subject }) => subject !== session).map(toMark);
    return { session: marks.length < rows.length, user: marks.reduce(laterMark, NO_CUTOFF) };
  }

  /** Does nothing: the purge of the store deletes expired entries, because the store uses this table too. */
  override async prune(): Promise<void> {}

  async #deny(subject: string, { ticket, kept }: CutoffMark, until: number): Promise<void> {
    await this.database.run(...this.database.dialect.deny.with({ subject, ticket, kept, until }));
  }
}
