import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import { newRefTokID } from '../../../src/sessions/ids.js';
import type { Session } from '../../../src/sessions/session.js';
import type { CutoffMark } from '../../../src/sessions/cutoff.js';
import type {
  EndOutcome,
  OpenRules,
  PurgeRound,
  SessionKey,
  SessionStore,
} from '../../../src/sessions/session-store.js';
import type { EndReason } from '../../../src/wire.js';
import { cutOffWhole, wholePage } from '../../support/cut-off.js';

/** An empty store, and how to let go of it. */
export interface OpenedForTest {
  readonly store: SessionStore;
  close(): Promise<void>;
}
export type OpenStore = () => Promise<OpenedForTest>;

export const NOW = Date.UTC(2026, 0, 1);
export const LIFE = 1_000_000;
export const NO_LIMITS: OpenRules = { maxSessions: null, whenFull: 'evict', idleBefore: 0 };
export const CLIENT = { userAgent: 'agent/2', ip: '198.51.100.2' };

/** A user id nobody has had before. */
export function someone(): string {
  return `user-${randomUUID()}`;
}

/** A session of this user as a sign-in at `NOW` would make it. */
export function sessionOf(userId: string, extra: Partial<Session> = {}): Session {
  return {
    ...{ guid: randomUUID(), userId, refTokID: newRefTokID(), predecessor: null, rotatedAt: null, usedAt: null },
    ...{ ticket: 0, name: 'Phone', userAgent: 'agent/1', ip: '192.0.2.1', createdAt: NOW, lastActiveAt: NOW },
    ...{ expiresAt: NOW + LIFE, endedAt: null, endReason: null, purgeAt: NOW + LIFE },
    ...extra,
  };
}

/** The row after an end. */
export function endedAs(session: Session, endReason: EndReason, endedAt = NOW): Session {
  return { ...session, endReason, endedAt, purgeAt: endedAt };
}

/**
 * A store for the tests of a describe block, with shorthands for what most clauses need. Users of their own keep the
 * tests apart; where that is not enough, each gets an empty store.
 */
export class Bench {
  #opened: OpenedForTest | undefined;

  constructor(open: OpenStore, share: 'one store' | 'a store each' = 'one store') {
    const [before, after] = share === 'one store' ? [beforeAll, afterAll] : [beforeEach, afterEach];
    before(async () => {
      this.#opened = await open();
    });
    after(async () => {
      await this.#opened?.close();
      this.#opened = undefined;
    });
  }

  get store(): SessionStore {
    if (!this.#opened) throw new Error('The store is open while a test runs');
    return this.#opened.store;
  }

  /** Opens a session with the ticket of now; gives the row as it went in. */
  async open(userId: string, extra: Partial<Session> = {}, rules: Partial<OpenRules> = {}): Promise<Session> {
    const session = sessionOf(userId, { ticket: await this.store.currentTicket(), ...extra });
    expect(await this.store.open(session, { ...NO_LIMITS, ...rules })).toMatchObject({ opened: true });
    return session;
  }

  /** Opens sessions one after another, each last active a second after the one before. */
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

  /** The mark that holds for a session of the user, or for one of theirs that there is not. */
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

  /** All of the user's sessions that live, or that are over. */
  list(userId: string, ended = false): Promise<Session[]> {
    return this.store.list(userId, ended, wholePage(NOW));
  }

  /** The guids of the user's sessions, in order of the alphabet. */
  async guids(userId: string, ended = false): Promise<string[]> {
    return (await this.list(userId, ended)).map(({ guid }) => guid).sort();
  }

  /** Runs purge until it says that there is no more; gives the number of rows deleted. */
  async drain(round: PurgeRound): Promise<number> {
    let deleted = 0;
    for (let rounds = 0; rounds < 100; rounds++) {
      const outcome = await this.store.purge(round);
      deleted += outcome.deleted;
      if (outcome.visited < round.limit) return deleted;
    }
    throw new Error('purge did not come to an end in 100 rounds');
  }
}

/** The guids of these sessions, in order of the alphabet. */
export function guidsOf(...sessions: readonly Session[]): string[] {
  return sessions.map(({ guid }) => guid).sort();
}

/** The results of so many calls made at once. */
export function atOnce<T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => call(index)));
}
