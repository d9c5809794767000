import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { MessageFeed } from '../events/message-feed.js';
import type { SessionEvents } from '../events/session-events.js';
import { userIdOf } from '../id-rules.js';
import type { SessionLimits } from '../options/session-options.js';
import type { NamedSession } from '../sessions/named-session.js';
import type { SessionStore } from '../sessions/session-store.js';
import { type NewsListener, WatchedUser } from './watched-user.js';

const TICK = 1_000;
/** Users read in one tick at most, so that what this costs is bounded, however many watch. */
const READS_A_TICK = 200;
/** Ticks between two readings of a user: where other processes send word, and where they cannot. */
const WITH_WORD = 300;
const WITHOUT_WORD = 1;

/**
 * Tells who watches what happens to a user's sessions, whichever process did it. A change is only ever a reason to read
 * the rows again: word that is lost or comes twice tells nothing wrong, and a reading from time to time finds the rest.
 */
export class LiveSessions {
  /** Those who are watched, the longest unread first, with the tick of their last reading. */
  readonly #users = new Map<string, { user: WatchedUser; readAt: number }>();
  /** Those whose rows may have changed and could not be read yet. */
  readonly #stale = new Set<string>();
  readonly #origin = randomUUID();
  #ticks = 0;
  #timer: NodeJS.Timeout | undefined;
  #hasWord = false;
  #isStopped = false;

  constructor(
    private readonly store: SessionStore,
    private readonly limits: SessionLimits,
    private readonly clock: Clock,
    events: SessionEvents,
    /** Word between processes; without one, rows are read again and again. */
    private readonly feed?: MessageFeed | undefined,
  ) {
    for (const name of ['opened', 'renamed', 'revoked', 'suspected'] as const) {
      events.on(name, ({ userId }) => this.#changedHere(userId));
    }
  }

  /**
   * Hears what happens to the sessions of a user, and first what happened after `since` (milliseconds since the epoch),
   * and the end of the session that watches, if it is over. Resolves to the function that stops it, once everything
   * from then on is heard. Rejects where the rows cannot be read, and with a TypeError for what is no user id. Once the
   * app stops, nothing is heard any more.
   */
  async watch(session: NamedSession, hear: NewsListener, since?: number): Promise<() => void> {
    const { guid } = session;
    const userId = userIdOf(session.userId);
    if (this.#isStopped) return () => {};
    this.#start();
    const watcher = { guid, hear, since };
    const { user } = this.#users.get(userId) ?? this.#add(userId);
    user.add(watcher);
    const stop = () => {
      user.remove(watcher);
      if (!user.isWatched && this.#users.get(userId)?.user === user) this.#users.delete(userId);
    };
    try {
      await user.refresh();
      return stop;
    } catch (error) {
      stop();
      throw error;
    }
  }

  /** Reads the users whose turn it is; called by a timer, every second. */
  tick(): void {
    this.#ticks += 1;
    const due = this.#ticks - (this.#hasWord ? WITH_WORD : WITHOUT_WORD);
    const turn = new Set([...this.#stale].slice(0, READS_A_TICK));
    for (const [userId, { readAt }] of this.#users) {
      if (readAt > due || turn.size >= READS_A_TICK) break;
      turn.add(userId);
    }
    for (const userId of turn) this.#read(userId);
  }

  /** Stops listening to other processes, for good. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    this.#users.clear();
    await this.feed?.stop();
  }

  #start(): void {
    if (this.#timer) return;
    this.#timer = setInterval(() => this.tick(), TICK).unref();
    this.feed?.start({
      heard: (message) => this.#heard(message),
      up: () => this.#wordIs(true),
      down: () => this.#wordIs(false),
    });
  }

  #add(userId: string): { user: WatchedUser; readAt: number } {
    const added = { user: new WatchedUser(userId, this.store, this.limits, this.clock), readAt: this.#ticks };
    this.#users.set(userId, added);
    return added;
  }

  #changedHere(userId: string | undefined): void {
    this.#changed(userId);
    void this.feed?.send(`${this.#origin} ${userId ?? ''}`);
  }

  #heard(message: string): void {
    const [origin, userId] = [message.slice(0, this.#origin.length), message.slice(this.#origin.length + 1)];
    if (origin !== this.#origin) this.#changed(userId || undefined);
  }

  /** Of everybody where no user is named; they are read in turns. */
  #changed(userId: string | undefined): void {
    if (userId === undefined) this.#changedForAll();
    else this.#read(userId);
  }

  #changedForAll(): void {
    for (const userId of this.#users.keys()) this.#stale.add(userId);
    this.tick();
  }

  #wordIs(heard: boolean): void {
    this.#hasWord = heard;
    if (heard) this.#changedForAll();
  }

  #read(userId: string): void {
    const watched = this.#users.get(userId);
    this.#stale.delete(userId);
    if (!watched) return;
    this.#users.delete(userId);
    this.#users.set(userId, watched);
    watched.readAt = this.#ticks;
    // The store has told of the fault.
    watched.user.refresh().catch(() => this.#users.has(userId) && this.#stale.add(userId));
  }
}
