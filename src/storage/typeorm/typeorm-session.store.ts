import type { Session, SessionState } from '../../sessions/session.js';
import {
  type Cutoff,
  type CutoffMark,
  type Ending,
  NO_CUTOFF,
  type OpenOutcome,
  type OpenRules,
  type PurgeOutcome,
  type PurgeRound,
  type Rotation,
  type SessionKey,
  SessionStore,
  type Touch,
  type TouchRound,
} from '../../sessions/session-store.js';
import { toMark, toSession, toState } from './session-row.js';
import type { SqlDatabase, SqlExecutor, SqlValue } from './sql-executor.js';
import * as sql from './statements.js';

/** So long after any moment that no session lasts; a sum with it is still a safe integer. */
const NEVER = 2 ** 52;

/** The sessions table in a SQL database, reached over a connection TypeORM opened. */
export class TypeOrmSessionStore extends SessionStore {
  constructor(private readonly database: SqlDatabase) {
    super();
  }

  override currentTicket(): Promise<number> {
    return this.#latestTicket(this.database);
  }

  override async cutoffOf(userId: string): Promise<CutoffMark> {
    const [row] = await this.database.rows(sql.USER_CUTOFF, [userId]);
    return row ? toMark(row) : NO_CUTOFF;
  }

  override open(session: Session, rules: OpenRules): Promise<OpenOutcome> {
    return this.database.transaction(async (executor) => {
      if ((await this.#lockUser(executor, session.userId)) > session.ticket) return { opened: false, why: 'cut_off' };
      const surplus = await findSurplus(executor, session, rules);
      if (surplus.length > 0 && rules.whenFull === 'reject') return { opened: false, why: 'full' };
      const ending = { at: session.createdAt, idleBefore: rules.idleBefore };
      const former = rules.replaces === undefined ? [] : [rules.replaces];
      const replaced = await endEach(executor, session, former, { ...ending, reason: 'replaced' });
      const evicted = await endEach(executor, session, surplus, { ...ending, reason: 'evicted' });
      await executor.run(sql.INSERT, insertValues(session));
      return { opened: true, replaced, evicted };
    });
  }

  override async check({ guid, userId }: SessionKey): Promise<SessionState | undefined> {
    const [row] = await this.database.rows(sql.CHECK, [guid, userId]);
    return row && toState(row);
  }

  override async find({ guid, userId }: SessionKey): Promise<Session | undefined> {
    const [row] = await this.database.rows(sql.FIND, [guid, userId]);
    return row && toSession(row);
  }

  override async list(userId: string, ended: boolean): Promise<Session[]> {
    const rows = await this.database.rows(ended ? sql.LIST_ENDED : sql.LIST_OPEN, [userId]);
    return rows.map(toSession);
  }

  override async rotate(rotation: Rotation): Promise<Session | undefined> {
    const { guid, userId, from, to, at, userAgent, ip, idleBefore } = rotation;
    const values = [to, from, at, at, userAgent, ip, guid, userId, from, at, idleBefore];
    if (this.database.dialect.returning) {
      const [row] = await this.database.rows(sql.ROTATE + sql.RETURNING_ROW, values);
      return row && toSession(row);
    }
    if ((await this.database.run(sql.ROTATE, values)) !== 1) return undefined;
    const session = await this.find(rotation);
    // Should the row have moved on since, this is still what the swap made of it.
    return session && { ...session, refTokID: to, predecessor: from, rotatedAt: at, usedAt: null };
  }

  override async markUsed({ guid, userId }: SessionKey, refTokID: string, at: number): Promise<void> {
    await this.database.run(sql.MARK_USED, [at, guid, userId, refTokID]);
  }

  override async rename({ guid, userId }: SessionKey, name: string): Promise<boolean> {
    return (await this.database.run(sql.RENAME, [name, guid, userId])) === 1;
  }

  override end(key: SessionKey, ending: Ending): Promise<boolean> {
    return endOne(this.database, key, ending);
  }

  override async cutOff({ userId, keep = '', reason, at, idleBefore }: Cutoff): Promise<number> {
    const ticket = await this.#nextTicket();
    return this.database.transaction(async (executor) => {
      await this.#lockUser(executor, userId);
      const kept = (await executor.run(sql.LIFT, [ticket, keep, userId, ticket, at, idleBefore])) === 1 ? keep : null;
      const moved = await executor.run(sql.MOVE_CUTOFF, [ticket, at, kept, userId, ticket]);
      if (moved === 0) await executor.run(sql.KEEP_NO_OTHER, [userId, keep]);
      // Whatever its ticket: a cutoff overtaken by another still ends what it meets, also what that one kept.
      const ended = await executor.run(sql.END_ALL, [at, reason, at, userId, keep, at, idleBefore]);
      await executor.run(sql.SETTLE_ALL, [...settleValues({ at, idleBefore }), userId, keep]);
      return ended;
    });
  }

  override async touch(touches: readonly Touch[], round: TouchRound): Promise<number> {
    return this.database.transaction(async (executor) => {
      let written = 0;
      // In one order everywhere, so that two processes do not wait for each other's rows.
      for (const { guid, userId, at, userAgent, ip } of touches.toSorted(byGuid)) {
        const due = at - round.touchInterval;
        written += await executor.run(sql.TOUCH, [at, userAgent, ip, guid, userId, round.at, round.idleBefore, due]);
      }
      return written;
    });
  }

  override forget(userId: string): Promise<number> {
    return this.database.run(sql.FORGET, [userId]);
  }

  override purge({ deadBefore, idleTimeout, limit }: PurgeRound): Promise<PurgeOutcome> {
    return this.database.transaction(async (executor) => {
      const due = await executor.rows(sql.listDue(limit, this.database.dialect.skipLocked), [deadBefore]);
      const visited = due.length;
      if (visited === 0) return { deleted: 0, visited };
      // Filled up to the limit, so that every round runs the same prepared statement.
      const guids = Array.from({ length: limit }, (_, index) => due[index]?.guid ?? '');
      const idleBound = idleTimeout === null ? 0 : deadBefore - idleTimeout;
      const deleted = await executor.run(sql.deleteDead(limit), [...guids, deadBefore, deadBefore, idleBound]);
      const idle = idleTimeout ?? NEVER;
      if (deleted < visited) await executor.run(sql.postpone(limit), [idle, idle, ...guids]);
      return { deleted, visited };
    });
  }

  /** Locks the user for this transaction; resolves to the number of their latest cutoff. */
  async #lockUser(executor: SqlExecutor, userId: string): Promise<number> {
    await executor.run(this.database.dialect.lockUser, [userId]);
    return only(await executor.rows(sql.USER_CUTOFF, [userId]), 'ticket');
  }

  /** Drawn on its own: held longer, the one counter would make all users wait for each other. */
  #nextTicket(): Promise<number> {
    return this.database.transaction(async (executor) => {
      await executor.run(sql.ADVANCE_TICKET, []);
      return this.#latestTicket(executor);
    });
  }

  async #latestTicket(executor: SqlExecutor): Promise<number> {
    return only(await executor.rows(sql.CURRENT_TICKET, []), 'latest');
  }
}

async function findSurplus(executor: SqlExecutor, session: Session, rules: OpenRules): Promise<string[]> {
  const { replaces = '', maxSessions, idleBefore } = rules;
  if (maxSessions === null) return [];
  const values = [session.userId, replaces, session.createdAt, idleBefore];
  const rows = await executor.rows(sql.listLeastActive(maxSessions - 1), values);
  return rows.map(({ guid }) => String(guid));
}

async function endEach(executor: SqlExecutor, { userId }: Session, guids: string[], ending: Ending): Promise<string[]> {
  const ended: string[] = [];
  for (const guid of guids) if (await endOne(executor, { userId, guid }, ending)) ended.push(guid);
  return ended;
}

async function endOne(executor: SqlExecutor, key: SessionKey, { reason, at, idleBefore }: Ending): Promise<boolean> {
  const { guid, userId } = key;
  if ((await executor.run(sql.END_ONE, [at, reason, at, guid, userId, at, idleBefore])) === 1) return true;
  await executor.run(sql.SETTLE_ONE, [...settleValues({ at, idleBefore }), guid, userId]);
  return false;
}

function settleValues({ at, idleBefore }: Pick<Ending, 'at' | 'idleBefore'>): SqlValue[] {
  const bounds = [idleBefore, at - idleBefore];
  return [...bounds, ...bounds, at - idleBefore, ...bounds, at - idleBefore];
}

function byGuid(a: SessionKey, b: SessionKey): number {
  return a.guid < b.guid ? -1 : 1;
}

function insertValues(session: Session): SqlValue[] {
  const { guid, userId, refTokID, ticket, name, userAgent, ip, createdAt, lastActiveAt, expiresAt, purgeAt } = session;
  return [guid, userId, refTokID, ticket, name, userAgent, ip, createdAt, lastActiveAt, expiresAt, purgeAt];
}

function only(rows: readonly Readonly<Record<string, SqlValue>>[], column: string): number {
  const value = rows[0]?.[column];
  if (value === undefined || value === null)
    throw new Error(`The row with "${column}" is missing; did the migrations run?`);
  return Number(value);
}
