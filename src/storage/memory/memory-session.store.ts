import { laterMark } from '../../revocation/denylist.js';
import type { Session, SessionState } from '../../sessions/session.js';
import {
  ALL_CUT_OFF,
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

/** The moment a session is looked at. */
interface Moment {
  readonly at: number;
  readonly idleBefore: number;
}

/** Sessions in the memory of one process, gone with it: for tests and for trying things out. */
export class MemorySessionStore extends SessionStore {
  readonly #sessions = new Map<string, Session>();
  /** By user; everybody's is that of null. */
  readonly #cutoffs = new Map<string | null, CutoffMark>();
  /** Sessions whose access tokens are cut off, and until when that is kept. */
  readonly #cutSessions = new Map<string, number>();
  #latestTicket = 0;

  override async currentTicket(): Promise<number> {
    return this.#latestTicket;
  }

  override async cutoffOf(key: SessionKey | null): Promise<CutoffMark> {
    if (key && this.#cutSessions.has(key.guid)) return ALL_CUT_OFF;
    return this.#markOf(key?.userId ?? null);
  }

  override async open(session: Session, rules: OpenRules): Promise<OpenOutcome> {
    if (this.#markOf(session.userId).ticket > session.ticket) return { opened: false, why: 'cut_off' };
    if (this.#sessions.has(session.guid)) throw new Error(`There is a session ${session.guid} already`);
    const moment = { at: session.createdAt, idleBefore: rules.idleBefore };
    const surplus = this.#findSurplus(session, rules, moment);
    if (surplus.length > 0 && rules.whenFull === 'reject') return { opened: false, why: 'full' };
    const { userId } = session;
    const former = rules.replaces === undefined ? [] : [{ userId, guid: rules.replaces }];
    const replaced = this.#endEach(former, { ...moment, reason: 'replaced' });
    const evicted = this.#endEach(surplus, { ...moment, reason: 'evicted' });
    this.#sessions.set(session.guid, session);
    return { opened: true, replaced, evicted };
  }

  override async check(key: SessionKey): Promise<SessionState | undefined> {
    return this.#get(key);
  }

  override async find(key: SessionKey): Promise<Session | undefined> {
    return this.#get(key);
  }

  override async list(userId: string, ended: boolean): Promise<Session[]> {
    return this.#ofUser(userId).filter((session) => (session.endedAt !== null) === ended);
  }

  override async rotate(rotation: Rotation): Promise<Session | undefined> {
    const session = this.#live(rotation, rotation);
    if (session?.refTokID !== rotation.from) return undefined;
    const { from: predecessor, to: refTokID, at } = rotation;
    const [userAgent, ip] = [rotation.userAgent ?? session.userAgent, rotation.ip ?? session.ip];
    const rotated = { refTokID, predecessor, rotatedAt: at, usedAt: null, lastActiveAt: at, userAgent, ip };
    return this.#put({ ...session, ...rotated });
  }

  override async markUsed(key: SessionKey, refTokID: string, at: number): Promise<void> {
    const session = this.#get(key);
    if (session?.refTokID === refTokID && session.usedAt === null) this.#put({ ...session, usedAt: at });
  }

  override async rename(key: SessionKey, name: string): Promise<boolean> {
    const session = this.#get(key);
    if (!session || session.endedAt !== null) return false;
    this.#put({ ...session, name });
    return true;
  }

  override async end(key: SessionKey, ending: Ending): Promise<boolean> {
    const ended = this.#endEach([key], ending).length === 1;
    const { cutUntil } = ending;
    if (cutUntil !== undefined && this.#get(key)) {
      this.#cutSessions.set(key.guid, Math.max(cutUntil, this.#cutSessions.get(key.guid) ?? 0));
    }
    return ended;
  }

  override async cutOff({ userId, keep, ...ending }: Cutoff): Promise<number> {
    this.#latestTicket += 1;
    if (userId === null) return this.#cutOffEverybody(ending);
    const kept = keep === undefined ? undefined : this.#live({ userId, guid: keep }, ending);
    if (kept) this.#put({ ...kept, ticket: this.#latestTicket });
    this.#cutoffs.set(userId, { ticket: this.#latestTicket, kept: kept?.guid ?? null });
    const others = this.#ofUser(userId).filter(({ guid }) => guid !== keep);
    return this.#endEach(others, ending).length;
  }

  override async touch(touches: readonly Touch[], round: TouchRound): Promise<number> {
    const due = touches.filter((touch) => {
      const session = this.#live(touch, round);
      return session !== undefined && session.lastActiveAt <= touch.at - round.touchInterval;
    });
    for (const { userId, guid, at, userAgent, ip } of due) {
      const session = this.#get({ userId, guid });
      if (session) this.#put({ ...session, lastActiveAt: at, userAgent, ip });
    }
    return due.length;
  }

  override async forget(userId: string): Promise<number> {
    const sessions = this.#ofUser(userId);
    for (const { guid } of sessions) this.#sessions.delete(guid);
    return sessions.length;
  }

  override async purge({ at, deadBefore, idleTimeout, limit }: PurgeRound): Promise<PurgeOutcome> {
    for (const [guid, until] of this.#cutSessions) if (until < at) this.#cutSessions.delete(guid);
    const dead = [...this.#sessions.values()].filter(
      ({ endedAt, expiresAt, lastActiveAt }) =>
        Math.min(endedAt ?? expiresAt, expiresAt, lastActiveAt + (idleTimeout ?? Number.POSITIVE_INFINITY)) <=
        deadBefore,
    );
    for (const { guid } of dead.slice(0, limit)) this.#sessions.delete(guid);
    const deleted = Math.min(dead.length, limit);
    return { deleted, visited: deleted };
  }

  #findSurplus({ userId }: Session, { replaces, maxSessions }: OpenRules, moment: Moment): Session[] {
    if (maxSessions === null) return [];
    return this.#ofUser(userId)
      .filter((session) => session.guid !== replaces && this.#live(session, moment))
      .sort((a, b) => b.lastActiveAt - a.lastActiveAt || b.createdAt - a.createdAt || (a.guid < b.guid ? -1 : 1))
      .slice(maxSessions - 1);
  }

  /** The later of the user's mark and everybody's, or everybody's alone. */
  #markOf(userId: string | null): CutoffMark {
    const markOf = (whose: string | null) => this.#cutoffs.get(whose) ?? NO_CUTOFF;
    return laterMark(markOf(userId), markOf(null));
  }

  #cutOffEverybody(ending: Ending): number {
    const ticket = this.#latestTicket;
    this.#cutoffs.set(null, { ticket, kept: null });
    const covered = [...this.#sessions.values()].filter((session) => session.ticket < ticket);
    return this.#endEach(covered, ending).length;
  }

  /** Ends those that are live; gives their guids. */
  #endEach(keys: readonly SessionKey[], ending: Ending): string[] {
    const live = keys.filter((key) => {
      const session = this.#live(key, ending);
      if (session) this.#put({ ...session, endedAt: ending.at, endReason: ending.reason, purgeAt: ending.at });
      else this.#settle(key, ending);
      return session !== undefined;
    });
    return live.map(({ guid }) => guid);
  }

  /** Writes down an end that came by time, so that no clock that runs behind can take it back. */
  #settle(key: SessionKey, { at, idleBefore }: Moment): void {
    const session = this.#get(key);
    if (!session || session.endedAt !== null) return;
    const idleAt = session.lastActiveAt + at - idleBefore;
    const idle = session.lastActiveAt <= idleBefore && idleAt < session.expiresAt;
    const endedAt = idle ? idleAt : session.expiresAt;
    this.#put({ ...session, endedAt, endReason: idle ? 'idle' : 'expired', purgeAt: endedAt });
  }

  #live(key: SessionKey, { at, idleBefore }: Moment): Session | undefined {
    const session = this.#get(key);
    const live = session && session.endedAt === null && session.expiresAt > at && session.lastActiveAt > idleBefore;
    return live ? session : undefined;
  }

  #get({ userId, guid }: SessionKey): Session | undefined {
    const session = this.#sessions.get(guid);
    return session?.userId === userId ? session : undefined;
  }

  #ofUser(userId: string): Session[] {
    return [...this.#sessions.values()].filter((session) => session.userId === userId);
  }

  #put(session: Session): Session {
    this.#sessions.set(session.guid, session);
    return session;
  }
}
