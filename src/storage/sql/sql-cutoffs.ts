import { accompany } from '../../sessions/companion.js';
import { type CutoffMark, NO_CUTOFF } from '../../sessions/cutoff.js';
import type { Cutoff, SessionKey, StoredCutoff } from '../../sessions/session-store.js';
import { type CutoffColumnStatements, columnTicket } from './cutoff-column.js';
import { sessionSubject } from './denials.js';
import { endOne } from './ends.js';
import { toMark } from './session-row.js';
import type { SqlDatabase, SqlExecutor } from './sql-database.js';
import type { SqlRow } from './sql-value.js';
import * as sql from './statements.js';

/** Cutoffs in a SQL database: of users, of everybody, and in a column of the app's own table. */
export class SqlCutoffs {
  constructor(
    private readonly database: SqlDatabase,
    private readonly column: CutoffColumnStatements | undefined,
  ) {}

  /** The number of the latest cutoff of any user. */
  async latest(executor: SqlExecutor = this.database): Promise<number> {
    const [row] = await executor.rows(sql.CURRENT_TICKET, []);
    return numberIn(row, 'latest');
  }

  /** The mark that holds for a session. */
  async markOf({ userId, guid }: SessionKey): Promise<CutoffMark> {
    const marks = this.column?.marks ?? sql.MARKS;
    const rows = await this.database.rows(...marks.with({ userId, subject: sessionSubject(guid) }));
    return rows.map(toCheckedMark).reduce(larger, NO_CUTOFF);
  }

  /**
   * Locks the user for this transaction, and shares a lock on everybody's cutoff. Resolves to the number in the app's column,
   * which `lockRow` locks too, or to 0 without a column.
   */
  async lock(executor: SqlExecutor, userId: string, lockRow = ''): Promise<number> {
    await executor.run(...this.database.dialect.lockUser.with({ userId }));
    return this.column ? this.column.ticketOf(executor, userId, lockRow) : 0;
  }

  /** The smallest ticket of a locked user that neither their cutoff nor everybody's covers. */
  async least(executor: SqlExecutor, userId: string): Promise<number> {
    return leastOf(await this.#cutoffs(executor, userId));
  }

  /**
   * Moves a user's cutoff. It covers every existing session with a smaller ticket than its own, except the one to keep, whose
   * ticket is raised above it. A session that opens later has a larger ticket, or is refused.
   *
   * With companions the number is drawn in the same transaction, so that a sign-in that still sees what a companion is about to
   * change, such as the old password, has a smaller ticket.
   */
  async ofUser(userId: string, cutoff: Cutoff): Promise<StoredCutoff> {
    const drawn = cutoff.companions?.length
      ? undefined
      : await this.database.transaction((executor) => this.#draw(executor));
    return this.database.transaction(async (executor) => {
      const stored = await this.#moveUser(executor, userId, drawn, cutoff);
      await accompany(cutoff.companions, stored, executor);
      return stored;
    }, userId);
  }

  async #moveUser(
    executor: SqlExecutor,
    userId: string,
    drawn: number | undefined,
    { keep = '', at, idleBefore, reason }: Cutoff,
  ): Promise<StoredCutoff> {
    const inColumn = await this.lock(executor, userId, this.database.dialect.lockRow);
    // After the locks, as for everybody: two orders of locks could wait for each other.
    const ticket = drawn ?? (await this.#draw(executor));
    const cutoffs = await this.#cutoffs(executor, userId);
    const least = Math.max(leastOf(cutoffs), inColumn);
    const lifted = await executor.run(...sql.LIFT.with({ guid: keep, userId, ticket, least, at, idleBefore }));
    const mark = { ticket, kept: lifted === 1 ? keep : null };
    const moved = await executor.run(...sql.MOVE_CUTOFF.with({ userId, at, ...mark }));
    if (this.column) await executor.run(...this.column.move.with({ userId, ticket }));
    const others = { ticket: Math.max(ticketOf(cutoffs, true), inColumn), kept: null };
    if (moved === 1) return { mark: larger(mark, others), ended: 0 };
    // A later cutoff has overtaken this one, and has raised the session that it keeps above both.
    const overtaker = markIn(cutoffs);
    const kept = overtaker.kept ?? keep;
    if (kept === keep) return { mark: larger(overtaker, others), ended: 0 };
    await executor.run(...sql.KEEP_NO_OTHER.with({ userId, keep }));
    const ended = await endOne(executor, { userId, guid: kept }, { at, idleBefore, reason });
    return { mark: larger({ ...overtaker, kept: null }, others), ended: Number(ended) };
  }

  /**
   * Moves everybody's cutoff. Waits for every sign-in and every cutoff of a user under way, and comes before all later ones.
   * Draws its number under the lock, so that a user's cutoff with a larger number has seen it and keeps nothing it covers.
   */
  ofEverybody({ at, companions }: Cutoff): Promise<StoredCutoff> {
    return this.database.transaction(async (executor) => {
      await executor.rows(this.database.dialect.lockEverybody, []);
      const ticket = await this.#draw(executor);
      const mark = { ticket, kept: null };
      await executor.run(...sql.MOVE_CUTOFF.with({ userId: '', at, ...mark }));
      const stored = { mark, ended: 0 };
      await accompany(companions, stored, executor);
      return stored;
    });
  }

  #cutoffs(executor: SqlExecutor, userId: string): Promise<SqlRow[]> {
    return executor.rows(...sql.cutoffs(this.database.dialect.shareLock).with({ userId }));
  }

  /** For one user usually in a transaction of its own: if the lock on the counter were held longer, users would wait for each other. */
  async #draw(executor: SqlExecutor): Promise<number> {
    await executor.run(sql.advanceTicket(this.database.dialect.now), []);
    return this.latest(executor);
  }
}

function toCheckedMark(row: SqlRow): CutoffMark {
  return { ...toMark(row), ticket: columnTicket(row.ticket) };
}

/** The later of two marks. For the same number, the one that names a kept session: a column holds only the number. */
function larger(one: CutoffMark, other: CutoffMark): CutoffMark {
  if (one.ticket !== other.ticket) return one.ticket > other.ticket ? one : other;
  return one.kept === null ? other : one;
}

function leastOf(cutoffs: readonly SqlRow[]): number {
  return Math.max(ticketOf(cutoffs, true), ticketOf(cutoffs, false));
}

/** The mark of the user among these rows. */
function markIn(cutoffs: readonly SqlRow[]): CutoffMark {
  return cutoffs.filter(({ userId }) => userId !== '').map(toMark)[0] ?? NO_CUTOFF;
}

/** The row of everybody is the one with an empty user id. */
function ticketOf(rows: readonly SqlRow[], everybody: boolean): number {
  return numberIn(
    rows.find(({ userId }) => (userId === '') === everybody),
    'ticket',
  );
}

function numberIn(row: SqlRow | undefined, column: string): number {
  const value = row?.[column];
  if (value === undefined || value === null) throw new Error(`The row with "${column}" is missing. Run the migrations`);
  return Number(value);
}
