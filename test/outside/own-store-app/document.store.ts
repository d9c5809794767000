import type * as port from 'nestjs-session-registry';
import { ALL_CUT_OFF, isCutOff, isNoMoreActive, laterMark, NO_CUTOFF, SessionStore } from 'nestjs-session-registry';

type Session = port.Session;
type SessionKey = port.SessionKey;

/** All there is, as one document: a change is made on a copy, which takes the place of the document or is thrown away. */
interface Document {
  sessions: Map<string, Session>;
  /** By user; everybody's under ''. */
  marks: Map<string, port.CutoffMark>;
  cutDevices: Map<string, number>;
  ticket: number;
}

type Moment = Pick<port.Ending, 'at' | 'idleBefore'>;

/** A store as somebody else would write it: one document, one change at a time. */
export class DocumentStore extends SessionStore {
  #document: Document = { sessions: new Map(), marks: new Map(), cutDevices: new Map(), ticket: 0 };
  #last: Promise<unknown> = Promise.resolve();

  async currentTicket(): Promise<number> {
    return this.#document.ticket;
  }

  async cutoffOf({ userId, guid }: SessionKey): Promise<port.CutoffMark> {
    return this.#document.cutDevices.has(guid) ? ALL_CUT_OFF : markOf(this.#document, userId);
  }

  open(session: Session, rules: port.OpenRules): Promise<port.OpenOutcome> {
    return this.#change(async (document) => {
      const { userId, guid } = session;
      if (session.ticket < markOf(document, userId).ticket) return { opened: false, why: 'cut_off' };
      if (document.sessions.has(guid)) throw new Error(`There is a session ${guid}`);
      const moment = { at: session.createdAt, idleBefore: rules.idleBefore };
      const others = liveOf(document, userId, moment).filter((one) => one.guid !== rules.replaces);
      const most = rules.maxSessions ?? rules.bound ?? Number.POSITIVE_INFINITY;
      const surplus = others.sort(latestFirst).slice(most - 1);
      if (surplus.length > 0 && rules.whenFull === 'reject') return { opened: false, why: 'full' };
      const former = document.sessions.get(rules.replaces ?? '');
      const replaced = end(document, former?.userId === userId ? [former] : [], { ...moment, reason: 'replaced' });
      const evicted = end(document, surplus, { ...moment, reason: 'evicted' });
      document.sessions.set(guid, { ...session });
      const outcome = { opened: true, replaced, evicted } as const;
      await call(rules.companions, outcome, document);
      return outcome;
    });
  }

  async check(key: SessionKey): Promise<port.SessionState | undefined> {
    return of(this.#document, key);
  }
  async find(key: SessionKey): Promise<Session | undefined> {
    const session = of(this.#document, key);
    return session && { ...session };
  }

  async list(userId: string, ended: boolean, page: port.ListPage): Promise<Session[]> {
    const rows = ofUser(this.#document, userId).map((session) => ({ session, end: endIn(session, page) }));
    type Row = (typeof rows)[number];
    const place = ({ session, end }: Row) => [end ?? 0, session.createdAt, session.guid] as const;
    const last = page.after && ([page.after.endedAt ?? 0, page.after.createdAt, page.after.guid] as const);
    return rows
      .filter(({ end }) => (end !== null) === ended)
      .sort((one, other) => compare(place(other), place(one)))
      .filter((row) => !last || compare(place(row), last) < 0)
      .slice(0, page.limit)
      .map(({ session }) => ({ ...session }));
  }

  rotate({ from, to, at, idleBefore, userAgent, ip, ...key }: port.Rotation): Promise<Session | undefined> {
    return this.#change(async (document) => {
      const session = of(document, key);
      if (!session || session.refTokID !== from || !isLive(session, { at, idleBefore })) return undefined;
      if (isCutOff(markOf(document, key.userId), session)) return undefined;
      const client = { userAgent: userAgent ?? session.userAgent, ip: ip ?? session.ip };
      const generation = { refTokID: to, predecessor: from, rotatedAt: at, usedAt: null, lastActiveAt: at };
      const rotated = { ...session, ...generation, ...client };
      document.sessions.set(session.guid, rotated);
      return { ...rotated };
    });
  }

  markUsed(key: SessionKey, refTokID: string, at: number): Promise<void> {
    return this.#change(async (document) => {
      const session = of(document, key);
      if (session?.refTokID === refTokID && session.usedAt === null) put(document, { ...session, usedAt: at });
    });
  }

  rename(key: SessionKey, name: string): Promise<boolean> {
    return this.#change(async (document) => {
      const session = of(document, key);
      if (!session || session.endedAt !== null) return false;
      put(document, { ...session, name });
      return true;
    });
  }

  end(key: SessionKey, ending: port.SessionEnding): Promise<port.EndOutcome> {
    return this.#change(async (document) => {
      const session = of(document, key);
      if (!session) return 'unknown';
      const { cutUntil = 0, companions } = ending;
      if (cutUntil > (document.cutDevices.get(key.guid) ?? 0)) document.cutDevices.set(key.guid, cutUntil);
      if (end(document, [session], ending).length === 0) return 'over';
      await call(companions, 'ended', document);
      return 'ended';
    });
  }

  cutOff({ userId, keep, companions, ...ending }: port.Cutoff): Promise<port.StoredCutoff> {
    return this.#change(async (document) => {
      const kept = userId !== null && keep !== undefined ? of(document, { userId, guid: keep }) : undefined;
      const outlives = kept && isLive(kept, ending) && !isCutOff(markOf(document, kept.userId), kept);
      document.ticket += 1;
      if (outlives) put(document, { ...kept, ticket: document.ticket });
      document.marks.set(userId ?? '', { ticket: document.ticket, kept: outlives ? kept.guid : null });
      const stored = { mark: markOf(document, userId ?? ''), ended: 0 };
      await call(companions, stored, document);
      return stored;
    });
  }

  endBatch({ userId, mark, upTo, ...ending }: port.Walk): Promise<port.BatchOutcome> {
    return this.#change(async (document) => {
      const all = userId === null ? [...document.sessions.values()] : ofUser(document, userId);
      const due = all.filter(
        (session) =>
          session.endedAt === null && session.ticket < mark.ticket && (!upTo || isNoMoreActive(session, upTo)),
      );
      return { ended: end(document, due, ending).length, over: due.map(({ guid }) => guid) };
    });
  }

  async firstSurplus({ userId, guid }: SessionKey, most: number, moment: Moment): Promise<port.Activity | undefined> {
    const others = liveOf(this.#document, userId, moment).filter((session) => session.guid !== guid);
    return others.sort(latestFirst)[most - 1];
  }

  touch(touches: readonly port.Touch[], round: port.TouchRound): Promise<number> {
    return this.#change(async (document) => {
      let written = 0;
      for (const { userId, guid, at, userAgent, ip } of touches) {
        const session = of(document, { userId, guid });
        if (!session || !isLive(session, round) || session.lastActiveAt > at - round.touchInterval) continue;
        put(document, { ...session, lastActiveAt: at, userAgent, ip });
        written += 1;
      }
      return written;
    });
  }

  forget(userId: string): Promise<number> {
    return this.#change(async (document) => {
      const gone = ofUser(document, userId);
      for (const { guid } of gone) document.sessions.delete(guid);
      return gone.length;
    });
  }

  purge({ at, deadBefore, idleTimeout, limit }: port.PurgeRound): Promise<port.PurgeOutcome> {
    return this.#change(async (document) => {
      for (const [guid, until] of document.cutDevices) if (until < at) document.cutDevices.delete(guid);
      const idle = idleTimeout ?? Number.POSITIVE_INFINITY;
      const dead = [...document.sessions.values()]
        .filter(
          ({ endedAt, expiresAt, lastActiveAt }) => Math.min(endedAt ?? expiresAt, lastActiveAt + idle) <= deadBefore,
        )
        .slice(0, limit);
      for (const { guid } of dead) document.sessions.delete(guid);
      return { deleted: dead.length, visited: dead.length };
    });
  }

  #change<T>(make: (draft: Document) => Promise<T>): Promise<T> {
    const change = this.#last.then(async () => {
      const { sessions, marks, cutDevices, ticket } = this.#document;
      const draft = { sessions: new Map(sessions), marks: new Map(marks), cutDevices: new Map(cutDevices), ticket };
      const outcome = await make(draft);
      this.#document = draft;
      return outcome;
    });
    this.#last = change.catch(() => {});
    return change;
  }
}

async function call<T>(companions: readonly port.Companion<T>[] = [], outcome: T, document: Document): Promise<void> {
  for (const companion of companions) await companion(outcome, document);
}

function of({ sessions }: Document, { userId, guid }: SessionKey): Session | undefined {
  const session = sessions.get(guid);
  return session?.userId === userId ? session : undefined;
}

function ofUser({ sessions }: Document, userId: string): Session[] {
  return [...sessions.values()].filter((session) => session.userId === userId);
}

function liveOf(document: Document, userId: string, moment: Moment): Session[] {
  return ofUser(document, userId).filter((session) => isLive(session, moment));
}

function put({ sessions }: Document, session: Session): void {
  sessions.set(session.guid, session);
}

/** The later of the user's mark and everybody's. */
function markOf({ marks }: Document, userId: string): port.CutoffMark {
  return laterMark(marks.get(userId) ?? NO_CUTOFF, marks.get('') ?? NO_CUTOFF);
}

/** Ends those that are live, and writes down the end of those that time ended; gives the guids of the first. */
function end(document: Document, sessions: readonly Session[], { at, idleBefore, reason }: port.Ending): string[] {
  const open = sessions.filter(({ endedAt }) => endedAt === null);
  const live = open.filter((session) => isLive(session, { at, idleBefore }));
  for (const session of open) {
    const endedAt = live.includes(session) ? at : overAt(session, { at, idleBefore });
    const byTime = endedAt < session.expiresAt ? 'idle' : 'expired';
    const endReason = live.includes(session) ? reason : byTime;
    put(document, { ...session, endedAt, endReason, purgeAt: endedAt });
  }
  return live.map(({ guid }) => guid);
}

function isLive({ endedAt, expiresAt, lastActiveAt }: Session, { at, idleBefore }: Moment): boolean {
  return endedAt === null && expiresAt > at && lastActiveAt > idleBefore;
}

function overAt({ lastActiveAt, expiresAt }: Session, { at, idleBefore }: Moment): number {
  return lastActiveAt <= idleBefore ? Math.min(lastActiveAt + at - idleBefore, expiresAt) : expiresAt;
}

function endIn(session: Session, moment: Moment): number | null {
  if (session.endedAt !== null) return session.endedAt;
  return isLive(session, moment) ? null : overAt(session, moment);
}

function latestFirst(one: Session, other: Session): number {
  return compare([other.lastActiveAt, other.createdAt, other.guid], [one.lastActiveAt, one.createdAt, one.guid]);
}

function compare(one: readonly (number | string)[], other: readonly (number | string)[]): number {
  const at = one.findIndex((value, index) => value !== other[index]);
  const [left = 0, right = 0] = [one[at], other[at]];
  return at < 0 ? 0 : left < right ? -1 : 1;
}
