import { randomUUID } from 'node:crypto';
import { ageOf, type Clock, type Moment, momentOf } from '../clock.js';
import type { SessionState } from '../sessions/session.js';
import type { SessionKey } from '../sessions/session-store.js';
import { type MessageFeed, SECONDS_PER_PROOF } from '../events/message-feed.js';
import { CopyShelf } from './copy-shelf.js';
import { DelayRecord, type DelaySummary } from './delay-record.js';
import { type FoundCopy, SessionCopies, type Stale } from './session-copies.js';

/** The settings of near copies. Times are in milliseconds. */
export interface NearCopySettings {
  /** The hard limit: no copy is used for longer than this after its row was read. */
  readonly maxAge: number;
  /** The largest number of copies in this process. */
  readonly size: number;
}

/** What the near copies of this process have done since it started. */
export interface NearCopyMetrics {
  readonly entries: number;
  readonly hits: number;
  readonly misses: number;
  /** Whether this process hears revokes of other processes. If it does not, it uses no copies. */
  readonly connected: boolean;
  /** The time between a revoke in another process and the moment this one dropped its copies. */
  readonly delay: DelaySummary;
}

interface Message extends Stale {
  readonly by: string;
  readonly at: number;
}

/** The permit to make a copy. It is void as soon as anything is dropped. */
interface NearPermit {
  readonly drops: number;
  readonly found: Moment;
}

const PROBE_PAUSE = 1_000;
/** A connection that has not answered for so long counts as broken, even if it reports no error. */
const SILENCE = 2_000;

/**
 * Copies in the memory of this process, dropped when any process sends a message about a revoke. They are faster than any
 * store, and late by the delay of that message. Without a working connection no copy is used, and none is older than
 * `maxAge`.
 */
export class NearCopies extends SessionCopies<NearPermit> {
  readonly #shelf: CopyShelf<Moment>;
  readonly #delays = new DelayRecord();
  readonly #me = randomUUID();
  readonly #counts = { hits: 0, misses: 0, drops: 0 };
  /** When the connection last proved that it works; undefined while it does not. */
  #proven: Moment | undefined;
  #probing: NodeJS.Timeout | undefined;
  #probes = 0;

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
      up: () => {
        this.#proven = momentOf(this.clock);
      },
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

  /** Tells every process on a best-effort basis. If that fails, their copies are used until `maxAge` at most. */
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

  #lose(): void {
    this.#proven = undefined;
    this.#forget({ userId: null });
  }

  async #probe(): Promise<void> {
    this.#probes += 1;
    // An answer proves the connection up to the question: the process may have been frozen before it read the answer.
    const asked = momentOf(this.clock);
    const isHeard = await (this.#probes % SECONDS_PER_PROOF === 0 ? this.feed.prove() : this.feed.probe());
    if (isHeard && this.#proven) this.#proven = asked;
  }
}

/** Undefined if it is not one of our messages: then every copy has to count as stale. */
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
