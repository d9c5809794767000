import { type Denial, Denylist, laterMark } from '../../revocation/denylist.js';
import { type CutoffMark, NO_CUTOFF, type SessionKey } from '../../sessions/session-store.js';
import { toMark } from './session-row.js';
import type { SqlDatabase } from './sql-executor.js';
import * as sql from './statements.js';

const BATCH = 1_000;
const EVERYBODY = 'everybody';

/** Entries in a table beside the sessions: for every process over the database, and over every restart. */
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
    const rows = await this.database.rows(sql.DENIALS, [session, userSubject(userId), EVERYBODY]);
    const marks = rows.filter(({ subject }) => subject !== session).map(toMark);
    return { session: marks.length < rows.length, user: marks.reduce(laterMark, NO_CUTOFF) };
  }

  override async prune(before: number): Promise<void> {
    for (let visited = BATCH; visited === BATCH; ) {
      const due = await this.database.rows(sql.listDueDenials(BATCH), [before]);
      visited = due.length;
      const subjects = Array.from({ length: BATCH }, (_, index) => due[index]?.subject ?? '');
      if (visited > 0) await this.database.run(sql.deleteDenials(BATCH), [...subjects, before]);
    }
  }

  async #deny(subject: string, { ticket, kept }: CutoffMark, until: number): Promise<void> {
    await this.database.run(this.database.dialect.deny, [subject, ticket, kept, until]);
  }
}

function sessionSubject(guid: string): string {
  return `session ${guid}`;
}

function userSubject(userId: string): string {
  return `user ${userId}`;
}
