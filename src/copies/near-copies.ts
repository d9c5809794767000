import { randomUUID } from 'node:crypto';
import { ageOf, type Clock, type Moment, momentOf } from '../clock.js';
import type { SessionState } from '../sessions/session.js';
import type { SessionKey } from '../sessions/session-store.js';
import type { MessageFeed } from '../events/message-feed.js';
import { CopyShelf } from './copy-shelf.js';
import { DelayRecord, type DelaySummary } from './delay-record.js';
import { type FoundCopy, SessionCopies, type Stale } from './session-copies.js';

/** How near copies are used; times in milliseconds. */
export interface NearCopySettings {
  /** The hard limit: no copy answers for longer after its row was read. */
  readonly maxAge: number;
  /** The number of copies in this process. */
  readonly size: number;
}

/** What near copies did in this process since it started. */
export interface NearCopyMetrics {
  readonly entries: number;
  readonly hits: number;
  readonly misses: number;
  /** Whether revokes of other processes are heard; without, no copies are used. */
  readonly connected: boolean;
  /** From the moment another process told a revoke to the moment this one dropped its copies. */
  readonly delay: DelaySummary;
}

interface Message extends Stale {
  readonly by: string;
  readonly at: number;
}

/** A permit to make a copy: void once anything was dropped. */
interface NearPermit {
  readonly drops: number;
  readonly found: Moment;
}

const PROBE_PAUSE = 1_000;
/** A connection that did not answer for so long is broken, whatever it says itself. */
const SILENCE = 2_000;

/**
 * Copies in this process, dropped when any process tells of a revoke: quicker than any store, and late by the way of
 * a message. Without a connection that answers there are none, and none lives longer than `maxAge`.
 */
export class NearCopies extends SessionCopies<NearPermit> {
  readonly #shelf: CopyShelf<Moment>;
  readonly #delays = new DelayRecord();
  readonly #me = randomUUID();
  readonly #counts = { hits: 0, misses: 0, drops: 0 };
  /** When the connection last proved to be in order; undefined while it is not. */
  #proven: Moment | undefined;
  #probing: NodeJS.Timeout | undefined;

  constructor(
    private readonly feed: MessageFeed,
    private readonly settings: NearCopySettings,
    private readonly clock: Clock,
  ) {
    super();
    this.#shelf = new CopyShelf(settings.size);
  }

  start(): void {
    this.feed.start({
      heard: (message) => this.#hear(message),
      up: () => this.#prove(),
      down: () => this.#lose(),
    });
    this.#probing = setInterval(() => void this.#probe(), PROBE_PAUSE).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#probing);
    this.#lose();
    await this.feed.stop();
  }

  override find(key: SessionKey, activeAfter = Number.NEGATIVE_INFINITY): FoundCopy<NearPermit> {
    if (!this.#connected) return {};
    const copy = this.#shelf.get(key);
    if (copy && copy.state.lastActiveAt > activeAfter && ageOf(copy.note, this.clock) < this.settings.maxAge) {
      this.#counts.hits++;
      return { state: copy.state };
    }
    this.#counts.misses++;
    return { permit: { drops: this.#counts.drops, found: momentOf(this.clock) } };
  }

  override keep(key: SessionKey, state: SessionState, { drops, found }: NearPermit): void {
    if (drops === this.#counts.drops && this.#connected) this.#shelf.put(key, { state, note: found });
  }

  /** Told to everybody, as well as that can be done: where it cannot, `maxAge` is the bound. */
  override async drop({ userId, guid }: Stale): Promise<void> {
    this.#forget({ userId, guid });
    const message: Message = { userId, guid, by: this.#me, at: this.clock.now() };
    await this.feed.send(JSON.stringify(message));
  }

  metrics(): NearCopyMetrics {
    const { hits, misses } = this.#counts;
    return { entries: this.#shelf.size, hits, misses, connected: this.#connected, delay: this.#delays.summary() };
  }

  get #connected(): boolean {
    return this.#proven !== undefined && ageOf(this.#proven, this.clock) < SILENCE + PROBE_PAUSE;
  }

  #hear(text: string): void {
    const message = read(text);
    if (message?.by === this.#me) return;
    this.#forget(message ?? { userId: null });
    if (message) this.#delays.note(Math.max(0, this.clock.now() - message.at));
  }

  #forget({ userId, guid }: Stale): void {
    this.#counts.drops++;
    if (userId === null) this.#shelf.clear();
    else if (guid === undefined) this.#shelf.removeUser(userId);
    else this.#shelf.remove(guid);
  }

  #prove(): void {
    this.#proven = momentOf(this.clock);
  }

  #lose(): void {
    this.#proven = undefined;
    this.#forget({ userId: null });
  }

  async #probe(): Promise<void> {
    if ((await this.feed.probe()) && this.#proven) this.#prove();
  }
}

/** A message of ours; anything else on the channel means that nobody knows what became stale. */
function read(text: string): Message | undefined {
  try {
    const { userId, guid, by, at } = JSON.parse(text) as Message;
    return typeof by === 'string' && typeof at === 'number' && userId !== undefined
      ? { userId, guid, by, at }
      : undefined;
  } catch {
    return undefined;
  }
}
