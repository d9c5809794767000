import { type FeedConnection, type FeedListener, MessageFeed } from '../../../src/events/message-feed.js';
import { SessionEvents } from '../../../src/events/session-events.js';
import { LiveSessions } from '../../../src/live/live-sessions.js';
import { resolveOptions } from '../../../src/options/resolve-options.js';
import { SessionRegistry } from '../../../src/sessions/session-registry.js';
import type { ListPage } from '../../../src/sessions/session-store.js';
import { MemorySessionStore } from '../../../src/storage/memory/memory-session.store.js';
import { SECRET } from '../../support/app.js';
import { TestClock } from '../../../src/testing/test-clock.js';

const CLIENT = { userAgent: null, ip: null };

/** A store that counts readings, and can be away. */
export class CountedStore extends MemorySessionStore {
  readings: string[] = [];
  isAway = false;
  /** Rows that lists gave. */
  rows = 0;
  /** The most readings that were under way at once. */
  most = 0;
  #underWay = 0;

  override async list(userId: string, ended: boolean, page: ListPage) {
    this.readings.push(ended ? `${userId} ended` : userId);
    this.#underWay += 1;
    this.most = Math.max(this.most, this.#underWay);
    try {
      await Promise.resolve();
      if (this.isAway) throw new Error('the database is away');
      const rows = await super.list(userId, ended, page);
      this.rows += rows.length;
      return rows;
    } finally {
      this.#underWay -= 1;
    }
  }
}

/** What processes send each other, for a test to deliver, to lose, or to cut. */
class Wire extends MessageFeed {
  readonly sent: string[] = [];
  listener: FeedListener | undefined;
  proofs = 0;

  override start(listener: FeedListener): void {
    this.listener = listener;
  }
  override async stop(): Promise<void> {
    this.listener = undefined;
  }
  override async prove(): Promise<boolean> {
    this.proofs += 1;
    return true;
  }
  override async publish(message: string): Promise<void> {
    this.sent.push(message);
  }
  protected override connect(): Promise<FeedConnection> {
    return Promise.reject(new Error('not used'));
  }
}

/** A process over the store: what it does, and what it tells those who watch. */
export class Process {
  readonly events = new SessionEvents();
  readonly wire = new Wire();
  readonly registry: SessionRegistry;
  readonly live: LiveSessions;

  constructor(store: MemorySessionStore, clock: TestClock, hasFeed = true) {
    const options = resolveOptions({ secret: SECRET, clock, idleTimeout: '1d' });
    this.registry = new SessionRegistry(store, options, clock, this.events);
    this.live = new LiveSessions(store, options.sessions, clock, this.events, hasFeed ? this.wire : undefined);
  }

  async open(userId = 'ada'): Promise<string> {
    const result = await this.registry.open({ userId, ticket: await this.registry.currentTicket(), ...CLIENT });
    if (!result.ok) throw new Error(result.reason);
    return result.session.guid;
  }

  async watch(guid: string, { userId = 'ada', since }: { userId?: string; since?: number } = {}) {
    const heard: string[] = [];
    const stop = await this.live.watch(
      { userId, guid },
      ({ type, session }) => {
        const reason = 'endReason' in session ? ` ${session.endReason}` : '';
        heard.push(`${type} ${session.current ? 'own' : session.guid}${reason}`);
      },
      since,
    );
    return { heard, stop };
  }
}

export const settled = () => new Promise(setImmediate);
