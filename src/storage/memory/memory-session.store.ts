import { byActivity, isNoMoreActive } from '../../sessions/activity.js';
import type { Session, SessionState } from '../../sessions/session.js';
import { accompany } from '../../sessions/companion.js';
import { ALL_CUT_OFF, type CutoffMark, isCutOff, laterMark, NO_CUTOFF } from '../../sessions/cutoff.js';
import {
  type Activity,
  type BatchOutcome,
  type Cutoff,
  type Ending,
  type EndOutcome,
  type ListPage,
  type OpenOutcome,
  type OpenRules,
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
import { byPlace, endIn, type Moment, overAt, placeOf } from './memory-order.js';
import { noting, UndoableMap } from './undoable-map.js';

/** Sessions in the memory of one process, lost when it ends. For tests and for trying things out. */
export class MemorySessionStore extends SessionStore {
  readonly #sessions = new UndoableMap<string, Session>();
  /** By user; the key null is everybody. */
  readonly #cutoffs = new UndoableMap<string | null, CutoffMark>();
  /** Sessions whose access tokens are cut off, with the time until which that is kept. */
  readonly #cutSessions = new UndoableMap<string, number>();
  #latestTicket = 0;

  override async currentTicket(): Promise<number> {
    return this.#latestTicket;
  }

  override async cutoffOf({ userId, guid }: SessionKey): Promise<CutoffMark> {
    return this.#cutSessions.has(guid) ? ALL_CUT_OFF : this.#markOf(userId);
  }

  override open(session: Session, rules: OpenRules): Promise<OpenOutcome> {
    return this.#together(
      () => this.#open(session, rules),
      async (outcome) => outcome.opened && accompany(rules.companions, outcome, undefined),
    );
  }

  #open(session: Session, rules: OpenRules): OpenOutcome {
    if (this.#markOf(session.userId).ticket > session.ticket) return { opened: false, why: 'cut_off' };
    if (this.#sessions.has(session.guid)) throw new Error(`There is already a session ${session.guid}`);
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

  override async firstSurplus(
    { userId, guid }: SessionKey,
    most: number,
    moment: Moment,
  ): Promise<Activity | undefined> {
    const others = this.#ofUser(userId).filter((session) => session.guid !== guid && this.#live(session, moment));
    return others.sort(byActivity)[most - 1];
  }

  override async check(key: SessionKey): Promise<SessionState | undefined> {
    return this.#get(key);
  }

  override async find(key: SessionKey): Promise<Session | undefined> {
    return this.#get(key);
  }

  override async list(userId: string, ended: boolean, page: ListPage): Promise<Session[]> {
    const { limit, after } = page;
    const places = this.#ofUser(userId).map((session) => ({ session, endedAt: endIn(session, page) }));
    return places
      .filter(({ endedAt }) => (endedAt !== null) === ended)
      .sort((one, other) => byPlace(placeOf(one), placeOf(other)))
      .filter((one) => !after || byPlace(after, placeOf(one)) < 0)
      .slice(0, limit)
      .map(({ session }) => session);
  }

  override async rotate(rotation: Rotation): Promise<Session | undefined> {
    const session = this.#live(rotation, rotation);
    if (session?.refTokID !== rotation.from || isCutOff(this.#markOf(session.userId), session)) return undefined;
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

  override end(key: SessionKey, ending: SessionEnding): Promise<EndOutcome> {
    return this.#together(
      () => this.#end(key, ending),
      async (outcome) => outcome === 'ended' && accompany(ending.companions, outcome, undefined),
    );
  }

  #end(key: SessionKey, ending: SessionEnding): EndOutcome {
    if (!this.#get(key)) return 'unknown';
    const { cutUntil = 0 } = ending;
    if (cutUntil > 0) this.#cutSessions.set(key.guid, Math.max(cutUntil, this.#cutSessions.get(key.guid) ?? 0));
    return this.#endEach([key], ending).length === 1 ? 'ended' : 'over';
  }

  override cutOff(cutoff: Cutoff): Promise<StoredCutoff> {
    return this.#together(
      () => this.#cutOff(cutoff),
      (outcome) => accompany(cutoff.companions, outcome, undefined),
    );
  }

  #cutOff({ userId, keep, ...ending }: Cutoff): StoredCutoff {
    const kept = userId === null || keep === undefined ? undefined : this.#live({ userId, guid: keep }, ending);
    const outlives = kept && !isCutOff(this.#markOf(userId), kept);
    this.#latestTicket += 1;
    const ticket = this.#latestTicket;
    if (outlives) this.#put({ ...kept, ticket });
    this.#cutoffs.set(userId, { ticket, kept: outlives ? kept.guid : null });
    return { mark: this.#markOf(userId), ended: 0 };
  }

  /** Ends all sessions of the walk in one batch. */
  override async endBatch({ userId, mark, upTo, ...ending }: Walk): Promise<BatchOutcome> {
    const sessions = userId === null ? [...this.#sessions.values()] : this.#ofUser(userId);
    const due = sessions.filter(
      (session) => session.endedAt === null && session.ticket < mark.ticket && (!upTo || isNoMoreActive(session, upTo)),
    );
    return { ended: this.#endEach(due, ending).length, over: due.map(({ guid }) => guid) };
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

  /** Makes a change, and undoes it if a companion rejects. */
  async #together<T>(change: () => T, companions: (outcome: T) => Promise<unknown>): Promise<T> {
    const [outcome, undo] = noting([this.#sessions, this.#cutoffs, this.#cutSessions], change);
    try {
      await companions(outcome);
      return outcome;
    } catch (error) {
      undo();
      throw error;
    }
  }

  #findSurplus({ userId }: Session, { replaces, maxSessions, bound }: OpenRules, moment: Moment): Session[] {
    const most = maxSessions ?? bound;
    if (most === undefined) return [];
    return this.#ofUser(userId)
      .filter((session) => session.guid !== replaces && this.#live(session, moment))
      .sort(byActivity)
      .slice(most - 1);
  }

  /** The later one of the user's mark and everybody's; for null only everybody's. */
  #markOf(userId: string | null): CutoffMark {
    const markOf = (whose: string | null) => this.#cutoffs.get(whose) ?? NO_CUTOFF;
    return laterMark(markOf(userId), markOf(null));
  }

  /** Ends those sessions that are live, and returns their guids. */
  #endEach(keys: readonly SessionKey[], ending: Ending): string[] {
    const live = keys.filter((key) => {
      const session = this.#live(key, ending);
      if (session) this.#put({ ...session, endedAt: ending.at, endReason: ending.reason, purgeAt: ending.at });
      else this.#settle(key, ending);
      return session !== undefined;
    });
    return live.map(({ guid }) => guid);
  }

  /** Stores an end that came by time, so that a clock that is behind cannot undo it. */
  #settle(key: SessionKey, moment: Moment): void {
    const session = this.#get(key);
    if (!session || session.endedAt !== null) return;
    const endedAt = overAt(session, moment);
    this.#put({ ...session, endedAt, endReason: endedAt < session.expiresAt ? 'idle' : 'expired', purgeAt: endedAt });
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
