import { randomUUID } from 'node:crypto';
import type { CutoffMark } from '../../sessions/cutoff.js';
import { newRefTokID } from '../../sessions/ids.js';
import type { Session } from '../../sessions/session.js';
import type {
  EndOutcome,
  OpenRules,
  PurgeOutcome,
  PurgeRound,
  SessionKey,
  SessionStore,
} from '../../sessions/session-store.js';
import type { EndReason } from '../../wire.js';
import { matches } from '../assertions.js';
import { cutOffWhole, wholePage } from '../cut-off-whole.js';
import { CLIENT, NO_LIMITS, NOW, sessionOf } from './session-fixtures.js';

/** A store under test, with shorthands for what most cases need. Each case uses new users, so that cases do not collide. */
export class StoreUnderTest {
  constructor(readonly store: SessionStore) {}

  /** Opens a session with the current ticket. Resolves to the session as it was given to the store. */
  async open(userId: string, extra: Partial<Session> = {}, rules: Partial<OpenRules> = {}): Promise<Session> {
    const session = sessionOf(userId, { ticket: await this.store.currentTicket(), ...extra });
    matches(await this.store.open(session, { ...NO_LIMITS, ...rules }), { opened: true });
    return session;
  }

  /** Opens sessions one after the other, each last active one second after the one before. */
  async openInTurn(userId: string, count: number): Promise<Session[]> {
    const sessions: Session[] = [];
    for (let turn = 0; turn < count; turn++) {
      const at = NOW - (count - turn) * 1000;
      sessions.push(await this.open(userId, { createdAt: at, lastActiveAt: at }));
    }
    return sessions;
  }

  end(key: SessionKey, reason: EndReason = 'revoked', at = NOW, idleBefore = 0): Promise<EndOutcome> {
    return this.store.end(key, { reason, at, idleBefore });
  }

  /** Ends a session and cuts off its access tokens until `cutUntil`. */
  cutDevice({ userId, guid }: SessionKey, cutUntil: number, at = NOW): Promise<EndOutcome> {
    return this.store.end({ userId, guid }, { reason: 'revoked', at, idleBefore: 0, cutUntil });
  }

  /** Purges at this time without deleting a session. */
  prune(at: number): Promise<PurgeOutcome> {
    return this.store.purge({ at, deadBefore: 0, idleTimeout: null, limit: 10 });
  }

  /** The mark that holds for a session of the user, by default for an unknown one. */
  markOf(userId: string, guid: string = randomUUID()): Promise<CutoffMark> {
    return this.store.cutoffOf({ userId, guid });
  }

  cutOff(userId: string | null, keep?: string, reason: EndReason = 'revoked_all', at = NOW): Promise<number> {
    return cutOffWhole(this.store, { userId, keep, reason, at, idleBefore: 0 });
  }

  rotate({ userId, guid }: SessionKey, from: string, to = newRefTokID(), at = NOW, idleBefore = 0) {
    return this.store.rotate({ userId, guid, from, to, at, idleBefore, ...CLIENT });
  }

  touch({ userId, guid }: SessionKey, at: number, round: { touchInterval?: number; idleBefore?: number } = {}) {
    const touches = [{ userId, guid, at, ...CLIENT }];
    return this.store.touch(touches, { touchInterval: 60_000, at, idleBefore: 0, ...round });
  }

  /** All live or all ended sessions of the user. */
  list(userId: string, ended = false): Promise<Session[]> {
    return this.store.list(userId, ended, wholePage(NOW));
  }

  /** The guids of the user's sessions in alphabetical order. */
  async guids(userId: string, ended = false): Promise<string[]> {
    return (await this.list(userId, ended)).map(({ guid }) => guid).sort();
  }

  /** Runs purge until nothing is left. Resolves to the number of rows deleted. */
  async drain(round: PurgeRound): Promise<number> {
    let deleted = 0;
    for (let rounds = 0; rounds < 100; rounds++) {
      const outcome = await this.store.purge(round);
      deleted += outcome.deleted;
      if (outcome.visited < round.limit) return deleted;
    }
    throw new Error('purge did not finish within 100 rounds');
  }
}
