import type { Session, SessionState } from '../../sessions/session.js';
import { accompany } from '../../sessions/companion.js';
import type { CutoffMark } from '../../sessions/cutoff.js';
import {
  type Activity,
  type BatchOutcome,
  type Cutoff,
  type Ending,
  type EndOutcome,
  type ListPage,
  type Opened,
  type OpenOutcome,
  type OpenRules,
  type Place,
  type PurgeOutcome,
  type PurgeRound,
  type Rotation,
  type SessionEnding,
  type SessionKey,
  SessionStore,
  type StoredCutoff,
  type Touch,
  type TouchRound,
  type Walk,
} from '../../sessions/session-store.js';
import type { CutoffColumnStatements } from './cutoff-column.js';
import { pruneDenials, sessionSubject } from './denials.js';
import type { Dialect } from './dialects/dialect.js';
import { endKnown, endOne } from './ends.js';
import { toActivity, toSession } from './session-row.js';
import { StateReads } from './state-reads.js';
import { SqlCutoffs } from './sql-cutoffs.js';
import type { SqlDatabase, SqlExecutor } from './sql-database.js';
import type { SqlRow } from './sql-value.js';
import { listEnded, listLive } from './sql-lists.js';
import { endBatch } from './sql-walks.js';
import * as sql from './statements.js';
import { TicketReads } from './ticket-reads.js';

/** Longer than any session lasts. Added to a time, it is still a safe integer. */
const NEVER = 2 ** 52;
/** How many surplus sessions a sign-in ends in its own transaction, each by its key. A walk ends the rest. */
const EVICTED_AT_ONCE = 20;
const FORGOTTEN_AT_ONCE = 500;

/** Keeps sessions in a SQL database. */
export class SqlSessionStore extends SessionStore {
  readonly #cutoffs: SqlCutoffs;
  readonly #states: StateReads;
  readonly #tickets: TicketReads;

  constructor(
    private readonly database: SqlDatabase,
    column?: CutoffColumnStatements,
  ) {
    super();
    this.#cutoffs = new SqlCutoffs(database, column);
    this.#states = new StateReads(database);
    this.#tickets = new TicketReads(() => this.#cutoffs.latest(database.ordinary));
  }

  override currentTicket(): Promise<number> {
    return this.#tickets.next();
  }

  override cutoffOf(key: SessionKey): Promise<CutoffMark> {
    return this.#cutoffs.markOf(key);
  }

  override open(session: Session, rules: OpenRules): Promise<OpenOutcome> {
    return this.database.bulk.transaction(async (executor) => {
      const inColumn = await this.#cutoffs.lock(executor, session.userId);
      if (session.ticket < inColumn) return { opened: false, why: 'cut_off' };
      const surplus = await findSurplus(executor, session, rules.maxSessions, rules);
      if (surplus.length > 0 && rules.whenFull === 'reject') {
        const least = await this.#cutoffs.least(executor, session.userId);
        return { opened: false, why: session.ticket < least ? 'cut_off' : 'full' };
      }
      const inserted = await executor.run(...sql.insert(this.database.dialect.shareLock).with(session));
      if (inserted === 0) return { opened: false, why: 'cut_off' };
      const ending = { at: session.createdAt, idleBefore: rules.idleBefore };
      const former = rules.replaces === undefined ? [] : [rules.replaces];
      const replaced = await endEach(executor, session, former, { ...ending, reason: 'replaced' });
      if (await isBeyondBound(executor, this.database.dialect, session, rules)) {
        surplus.push(...(await findSurplus(executor, session, rules.bound, { ...rules, replaces: session.guid })));
      }
      const few = surplus.slice(0, EVICTED_AT_ONCE);
      const evicted = await endEach(executor, session, few, { ...ending, reason: 'evicted' });
      const opened: Opened = { opened: true, replaced, evicted, ...(surplus.length > few.length && { crowded: true }) };
      await accompany(rules.companions, opened, executor);
      return opened;
    }, session.userId);
  }

  override check(key: SessionKey): Promise<SessionState | undefined> {
    return this.#states.read(key);
  }

  override async find(key: SessionKey): Promise<Session | undefined> {
    const [row] = await this.database.rows(...sql.FIND.with(key));
    return row && toSession(row);
  }

  override list(userId: string, ended: boolean, page: ListPage): Promise<Session[]> {
    return ended ? listEnded(this.database.ordinary, userId, page) : listLive(this.database.ordinary, userId, page);
  }

  override async rotate(rotation: Rotation): Promise<Session | undefined> {
    const { guid, userId, from, to, at } = rotation;
    const rest = await this.#swap(rotation);
    if (!rest) return undefined;
    // The row may have changed since; return it as it was right after the swap.
    const made = { refTokID: to, predecessor: from, rotatedAt: at, usedAt: null, lastActiveAt: at };
    return { ...toSession(rest), ...made, guid, userId, endedAt: null, endReason: null };
  }

  async #swap(rotation: Rotation): Promise<SqlRow | undefined> {
    if (this.database.dialect.returning) {
      const [rest] = await this.database.ordinary.rows(...sql.ROTATE_SPARED.with(rotation));
      return rest;
    }
    if ((await this.database.ordinary.run(...sql.ROTATE.with(rotation))) !== 1) return undefined;
    // An UPDATE that reads the cutoffs itself would wait for every sign-in of the user. If it has swapped the generation of a
    // covered session, that does no harm: nobody gets the new generation.
    const [row] = await this.database.ordinary.rows(...sql.FIND_SPARED.with(rotation));
    return row;
  }

  override async markUsed({ guid, userId }: SessionKey, refTokID: string, at: number): Promise<void> {
    await this.database.run(...sql.MARK_USED.with({ guid, userId, refTokID, at }));
  }

  override async rename({ guid, userId }: SessionKey, name: string): Promise<boolean> {
    return (await this.database.ordinary.run(...sql.RENAME.with({ guid, userId, name }))) === 1;
  }

  override end(key: SessionKey, ending: SessionEnding): Promise<EndOutcome> {
    const { cutUntil, companions = [] } = ending;
    if (cutUntil === undefined && companions.length === 0) return endKnown(this.database, key, ending);
    return this.database.transaction(async (executor) => {
      const outcome = await endKnown(executor, key, ending);
      if (outcome !== 'unknown' && cutUntil !== undefined) {
        const denial = { subject: sessionSubject(key.guid), ticket: 0, kept: null, until: cutUntil };
        await executor.run(...this.database.dialect.deny.with(denial));
      }
      if (outcome === 'ended') await accompany(companions, outcome, executor);
      return outcome;
    });
  }

  override cutOff(cutoff: Cutoff): Promise<StoredCutoff> {
    const { userId } = cutoff;
    return userId === null ? this.#cutoffs.ofEverybody(cutoff) : this.#cutoffs.ofUser(userId, cutoff);
  }

  override endBatch(walk: Walk, after?: Place): Promise<BatchOutcome> {
    // A user's sign-out must not wait behind sign-ins.
    const isBulk = walk.upTo !== undefined || walk.userId === null;
    return endBatch(isBulk ? this.database.bulk : this.database, walk, after);
  }

  override async firstSurplus(
    { userId, guid: except }: SessionKey,
    most: number,
    { at, idleBefore }: Pick<Ending, 'at' | 'idleBefore'>,
  ): Promise<Activity | undefined> {
    const statement = sql.listLeastActive(most - 1, 1);
    const [row] = await this.database.bulk.rows(...statement.with({ userId, except, at, idleBefore }));
    return row && toActivity(row);
  }

  override async touch(touches: readonly Touch[], round: TouchRound): Promise<number> {
    const { at, idleBefore, touchInterval } = round;
    return this.database.bulk.transaction(async (executor) => {
      let written = 0;
      // In the same order everywhere, so that two processes do not lock each other out.
      for (const { at: activeAt, ...seen } of touches.toSorted(byGuid)) {
        const due = activeAt - touchInterval;
        written += await executor.run(...sql.TOUCH.with({ ...seen, activeAt, due, at, idleBefore }));
      }
      return written;
    });
  }

  override async forget(userId: string): Promise<number> {
    const rows = await this.database.bulk.rows(...sql.listSome(FORGOTTEN_AT_ONCE).with({ userId }));
    if (rows.length === 0) return 0;
    return this.database.bulk.run(...sql.forget(FORGOTTEN_AT_ONCE).with({ userId, guids: rows.map(toGuid) }));
  }

  override async purge({ at, deadBefore, idleTimeout, limit }: PurgeRound): Promise<PurgeOutcome> {
    await pruneDenials(this.database.bulk, at);
    return this.database.bulk.transaction(async (executor) => {
      const due = await executor.rows(...sql.listDue(limit, this.database.dialect.skipLocked).with({ deadBefore }));
      const visited = due.length;
      if (visited === 0) return { deleted: 0, visited };
      const guids = due.map(toGuid);
      const idleBound = idleTimeout === null ? 0 : deadBefore - idleTimeout;
      const deleted = await executor.run(...sql.deleteDead(limit).with({ guids, deadBefore, idleBound }));
      const idle = idleTimeout ?? NEVER;
      if (deleted < visited) await executor.run(...sql.postpone(limit).with({ guids, idle }));
      return { deleted, visited };
    });
  }
}

/** The surplus next to the new session: at most one more than can be ended at once. */
async function findSurplus(
  executor: SqlExecutor,
  session: Session,
  most: number | null | undefined,
  { replaces = '', idleBefore }: OpenRules,
): Promise<string[]> {
  if (most === null || most === undefined) return [];
  const others = { userId: session.userId, except: replaces, at: session.createdAt, idleBefore };
  const rows = await executor.rows(...sql.listLeastActive(most - 1, EVICTED_AT_ONCE + 1).with(others));
  return rows.map(toGuid);
}

/** Also counts sessions that ended by time: an exact count would read the rows of everybody who signs in. */
async function isBeyondBound(
  executor: SqlExecutor,
  { openOrder }: Dialect,
  { userId, guid: except }: Session,
  rules: OpenRules,
): Promise<boolean> {
  const { maxSessions, bound } = rules;
  if (maxSessions !== null || bound === undefined) return false;
  return (await executor.rows(...sql.beyond(bound - 1, openOrder).with({ userId, except }))).length > 0;
}

async function endEach(executor: SqlExecutor, { userId }: Session, guids: string[], ending: Ending): Promise<string[]> {
  const ended: string[] = [];
  for (const guid of guids) if (await endOne(executor, { userId, guid }, ending)) ended.push(guid);
  return ended;
}

function byGuid(a: SessionKey, b: SessionKey): number {
  return a.guid < b.guid ? -1 : 1;
}

function toGuid({ guid }: SqlRow): string {
  return String(guid);
}
