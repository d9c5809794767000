import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import { type MessageFeed, SECONDS_PER_PROOF } from '../events/message-feed.js';
import type { SessionEvents } from '../events/session-events.js';
import { userIdOf } from '../id-rules.js';
import type { SessionLimits } from '../options/session-options.js';
import type { NamedSession } from '../sessions/named-session.js';
import type { SessionStore } from '../sessions/session-store.js';
import { type NewsListener, WatchedUser } from './watched-user.js';

const TICK = 1_000;
/** At most this many users are read in one tick, so that the cost is limited, however many watch. */
const READS_A_TICK = 200;
/** Ticks between two readings of a user: if other processes send messages, and if they cannot. */
const WITH_WORD = 300;
const WITHOUT_WORD = 1;

/**
 * Tells watchers what happens to a user's sessions, whichever process did it. A change is only ever a reason to read
 * the rows again: a message that is lost or duplicated never reports anything wrong, and periodic readings find the
 * rest.
 */
export class LiveSessions {
  /** The watched users, the least recently read first, with the tick of their last reading. */
  readonly #users = new Map<string, { user: WatchedUser; readAt: number }>();
  /** The users whose rows may have changed and could not be read yet. */
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
    /** Messages between processes; without them, rows are read again and again. */
    private readonly feed?: MessageFeed | undefined,
    /** Whether it keeps a connection to hear them; it sends them in any case. */
    private readonly listens = true,
  ) {
    for (const name of ['opened', 'renamed', 'revoked', 'suspected'] as const) {
      events.on(name, ({ userId }) => this.#changedHere(userId ?? null));
    }
  }

  /**
   * Calls `hear` with what happens to the sessions of a user, beginning with what happened after `since` (milliseconds
   * since the epoch), and with the end of the session that watches, if it has ended. Resolves to the function that
   * stops it, once everything from then on is heard. Rejects if the rows cannot be read, and with a TypeError for a
   * value that is not a user id. Once the app stops, nothing is heard any more.
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
    if (this.#ticks % SECONDS_PER_PROOF === 0) void this.feed?.prove();
    const due = this.#ticks - (this.#hasWord ? WITH_WORD : WITHOUT_WORD);
    const turn = new Set([...this.#stale].slice(0, READS_A_TICK));
    for (const [userId, { readAt }] of this.#users) {
      if (readAt > due || turn.size >= READS_A_TICK) break;
      turn.add(userId);
    }
    for (const userId of turn) this.#read(userId);
  }

  /** Stops listening to other processes, permanently. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    this.#users.clear();
    await this.feed?.stop();
  }

  #start(): void {
    if (this.#timer) return;
    this.#timer = setInterval(() => this.tick(), TICK).unref();
    if (!this.listens) return;
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

  /** Resolves once the other processes are told. */
  async #changedHere(userId: string | null): Promise<void> {
    this.#changed(userId);
    await this.feed?.send(`${this.#origin} ${userId ?? ''}`);
  }

  #heard(message: string): void {
    const [origin, userId] = [message.slice(0, this.#origin.length), message.slice(this.#origin.length + 1)];
    if (origin !== this.#origin) this.#changed(userId || null);
  }

  /** Concerns everybody if no user is named; they are read in turns. */
  #changed(userId: string | null): void {
    if (userId === null) this.#changedForAll();
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
    // The store has reported the fault already.
    watched.user.refresh().catch(() => this.#users.has(userId) && this.#stale.add(userId));
  }
}
