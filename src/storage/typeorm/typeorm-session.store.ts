import type { Session, SessionState } from '../../sessions/session.js';
import {
  type Cutoff,
  type Ending,
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
import { toSession, toState } from './session-row.js';
import type { SqlDatabase, SqlExecutor, SqlValue } from './sql-executor.js';
import * as sql from './statements.js';

/** The sessions table in a SQL database, reached over a connection TypeORM opened. */
export class TypeOrmSessionStore extends SessionStore {
  constructor(private readonly database: SqlDatabase) {
    super();
  }

  override async currentTicket(): Promise<number> {
    return only(await this.database.rows(sql.CURRENT_TICKET, []), 'latest');
  }

  override open(session: Session, rules: OpenRules): Promise<OpenOutcome> {
    return this.database.transaction(async (executor) => {
      const cutoff = only(await executor.rows(sql.LOCK_USER, [session.userId]), 'ticket');
      if (cutoff > session.ticket) return { opened: false, why: 'cut_off' };
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
    const [row] = await this.database.rows(sql.ROTATE, values);
    return row && toSession(row);
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
    // Drawn on its own: held in the transaction, the one counter would make all users wait for each other.
    const ticket = only(await this.database.rows(sql.DRAW_CUTOFF_TICKET, []), 'latest');
    return this.database.transaction(async (executor) => {
      await executor.rows(sql.LOCK_USER, [userId]);
      await executor.run(sql.MOVE_CUTOFF, [ticket, at, userId, ticket]);
      if (keep !== '') await executor.run(sql.LIFT, [ticket, keep, userId]);
      return executor.run(sql.END_OLDER, [at, reason, at, userId, keep, ticket, at, idleBefore]);
    });
  }

  override async touch(touches: readonly Touch[], round: TouchRound): Promise<number> {
    return this.database.transaction(async (executor) => {
      let written = 0;
      for (const { guid, userId, at, userAgent, ip } of touches) {
        const due = at - round.touchInterval;
        written += await executor.run(sql.TOUCH, [at, userAgent, ip, guid, userId, round.at, round.idleBefore, due]);
      }
      return written;
    });
  }

  override purge({ deadBefore, idleTimeout, limit }: PurgeRound): Promise<PurgeOutcome> {
    return this.database.transaction(async (executor) => {
      const due = await executor.rows(sql.LIST_DUE, [deadBefore, limit]);
      const visited = due.length;
      if (visited === 0) return { deleted: 0, visited };
      // Filled up to the limit, so that every round runs the same prepared statement.
      const guids = Array.from({ length: limit }, (_, index) => due[index]?.guid ?? '');
      const idleBound = idleTimeout === null ? 0 : deadBefore - idleTimeout;
      const deleted = await executor.run(sql.deleteDead(limit), [...guids, deadBefore, deadBefore, idleBound]);
      const idle = idleTimeout ?? Number.MAX_SAFE_INTEGER / 2;
      if (deleted < visited) await executor.run(sql.postpone(limit), [idle, idle, ...guids]);
      return { deleted, visited };
    });
  }
}

async function findSurplus(executor: SqlExecutor, session: Session, rules: OpenRules): Promise<string[]> {
  const { replaces = '', maxSessions, idleBefore } = rules;
  if (maxSessions === null) return [];
  const values = [session.userId, replaces, session.createdAt, idleBefore, maxSessions - 1];
  const rows = await executor.rows(sql.LIST_LEAST_ACTIVE, values);
  return rows.map(({ guid }) => String(guid));
}

async function endEach(executor: SqlExecutor, { userId }: Session, guids: string[], ending: Ending): Promise<string[]> {
  const ended: string[] = [];
  for (const guid of guids) if (await endOne(executor, { userId, guid }, ending)) ended.push(guid);
  return ended;
}

async function endOne(executor: SqlExecutor, key: SessionKey, { reason, at, idleBefore }: Ending): Promise<boolean> {
  return (await executor.run(sql.END_ONE, [at, reason, at, key.guid, key.userId, at, idleBefore])) === 1;
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
