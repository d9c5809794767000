import type { EndReason } from '../../src/wire.js';

/** The limits the model knows, in milliseconds. */
export interface ModelLimits {
  accessTtl: number;
  refreshTtl: number;
  absoluteTimeout: number;
  idleTimeout: number;
  reuseInterval: number;
  touchInterval: number;
  retention: number;
  maxSessions: number | null;
  whenFull: 'evict' | 'reject';
}

/** A session as the rules see it; its generations are counted. */
export interface ModelSession {
  userId: string;
  generation: number;
  rotatedAt: number;
  used: boolean;
  signedInAt: number;
  lastActiveAt: number;
  ended?: ModelEnd;
}

export interface ModelEnd {
  at: number;
  reason: EndReason;
}

export interface ModelToken {
  kind: 'access' | 'refresh';
  session: ModelSession;
  generation: number;
  endsAt: number;
}

export type ModelRenewal = 'renewed' | 'repeated' | 'refused';

/** The rules alone, without storage or concurrency: sessions in a set, and one step after the other. */
export class SessionModel {
  readonly sessions = new Set<ModelSession>();
  readonly #noted = new Map<ModelSession, number>();
  readonly #cutOff = new Map<string, number>();
  #everybody = 0;
  #steps = 0;

  constructor(
    readonly limits: ModelLimits,
    public now: number,
  ) {}

  /** How a session ended, by whom or by time; undefined while it lives. */
  endOf({ ended, signedInAt, lastActiveAt }: ModelSession): ModelEnd | undefined {
    if (ended) return ended;
    const expiry: ModelEnd = { at: signedInAt + this.limits.absoluteTimeout, reason: 'expired' };
    const idleness: ModelEnd = { at: lastActiveAt + this.limits.idleTimeout, reason: 'idle' };
    return [expiry, idleness].sort((a, b) => a.at - b.at).find(({ at }) => at <= this.now);
  }

  lives(session: ModelSession): boolean {
    return this.sessions.has(session) && this.endOf(session) === undefined;
  }

  liveOf(userId: string): ModelSession[] {
    return [...this.sessions].filter((session) => session.userId === userId && this.lives(session));
  }

  /** Rule 4: the live generation, and its predecessor until both the first use and the interval are past. */
  honours({ session, generation }: ModelToken): boolean {
    if (generation === session.generation) return true;
    const within = this.now - session.rotatedAt < this.limits.reuseInterval;
    return generation === session.generation - 1 && (within || !session.used);
  }

  accepts(token: ModelToken, as: ModelToken['kind'] = 'access'): boolean {
    return token.kind === as && this.now < token.endsAt && this.lives(token.session) && this.honours(token);
  }

  issue(kind: ModelToken['kind'], session: ModelSession): ModelToken {
    const life = kind === 'access' ? this.limits.accessTtl : this.limits.refreshTtl;
    const whole = (milliseconds: number, round: (seconds: number) => number) => round(milliseconds / 1000) * 1000;
    const last = whole(session.signedInAt + this.limits.absoluteTimeout, Math.ceil);
    const endsAt = Math.min(whole(this.now, Math.floor) + life, last);
    return { kind, session, generation: session.generation, endsAt };
  }

  begin(): number {
    return ++this.#steps;
  }

  /** A sign-in that began at `begun`; gives the session, or why there is none. */
  open(userId: string, begun: number, former?: ModelSession): ModelSession | 'cut_off' | 'session_limit' {
    if (begun < Math.max(this.#everybody, this.#cutOff.get(userId) ?? 0)) return 'cut_off';
    const others = this.liveOf(userId).filter((session) => session !== former);
    const byActivity = (a: ModelSession, b: ModelSession) =>
      a.lastActiveAt - b.lastActiveAt || a.signedInAt - b.signedInAt;
    const room = (this.limits.maxSessions ?? Number.POSITIVE_INFINITY) - 1;
    const surplus = others.sort(byActivity).slice(0, Math.max(0, others.length - room));
    if (surplus.length > 0 && this.limits.whenFull === 'reject') return 'session_limit';
    if (former?.userId === userId) this.end(former, 'replaced');
    for (const session of surplus) this.end(session, 'evicted');
    const { now } = this;
    const session = { userId, generation: 0, rotatedAt: 0, used: true, signedInAt: now, lastActiveAt: now };
    this.sessions.add(session);
    return session;
  }

  renew(token: ModelToken): ModelRenewal {
    const { session } = token;
    if (token.kind !== 'refresh' || this.now >= token.endsAt || !this.lives(session)) return 'refused';
    if (token.generation === session.generation) {
      const generation = session.generation + 1;
      Object.assign(session, { generation, used: false, rotatedAt: this.now, lastActiveAt: this.now });
      return 'renewed';
    }
    if (this.honours(token)) return 'repeated';
    this.end(session, 'reuse_detected');
    return 'refused';
  }

  use(token: ModelToken): boolean {
    const { session } = token;
    if (!this.accepts(token)) return false;
    if (token.generation === session.generation) session.used = true;
    const due = this.now - session.lastActiveAt >= this.limits.touchInterval;
    if (due && !this.#noted.has(session)) this.#noted.set(session, this.now);
    return true;
  }

  flush(): number {
    const due = [...this.#noted].filter(
      ([session, at]) => this.lives(session) && at - session.lastActiveAt >= this.limits.touchInterval,
    );
    for (const [session, at] of due) session.lastActiveAt = at;
    this.#noted.clear();
    return due.length;
  }

  end(session: ModelSession, reason: EndReason): boolean {
    if (!this.lives(session)) return false;
    session.ended = { at: this.now, reason };
    return true;
  }

  cutOff(userId: string, reason: EndReason, keep?: ModelSession): number {
    this.#cutOff.set(userId, ++this.#steps);
    return this.liveOf(userId).filter((session) => session !== keep && this.end(session, reason)).length;
  }

  /** A cutoff of every user at once. */
  cutOffEverybody(reason: EndReason): number {
    this.#everybody = ++this.#steps;
    return [...this.sessions].filter((session) => this.end(session, reason)).length;
  }

  purge(): number {
    const isDue = (session: ModelSession) => {
      const end = this.endOf(session);
      return end !== undefined && end.at <= this.now - this.limits.retention;
    };
    return [...this.sessions].filter((session) => isDue(session) && this.sessions.delete(session)).length;
  }
}
