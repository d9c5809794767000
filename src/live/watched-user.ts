import { CLOCK_TOLERANCE, type Clock } from '../clock.js';
import type { SessionLimits } from '../options/session-options.js';
import { idleBefore, type Session } from '../sessions/session.js';
import type { ListPage, SessionStore } from '../sessions/session-store.js';
import {
  changesBetween,
  changesSince,
  newsOf,
  type SessionChange,
  type LiveNews,
  type Snapshot,
  snapshotOf,
} from './session-news.js';

/** How many sessions of a list are read: as many as its first page shows. */
const SHOWN = 100;

/** Receives news that was read at a moment; milliseconds since the epoch. */
export type NewsListener = (news: LiveNews, at: number) => void;

/** A session that watches. */
export interface Watcher {
  readonly guid: string;
  readonly hear: NewsListener;
  /** It has heard everything until then; undefined for a session that starts watching. */
  readonly since: number | undefined;
}

/** The sessions of one watched user: what was reported about them, and to whom. */
export class WatchedUser {
  /** The watchers, and whether they know what the last reading found. */
  readonly #watchers = new Map<Watcher, boolean>();
  /** The live sessions of the last reading. */
  #last: Snapshot['live'] | undefined;
  /**
   * When the last session of a full page was opened: an older one that comes into view is not new. 0 if all are in
   * view.
   */
  #oldest = 0;
  /** The current reading, or the last one; never rejects. */
  #reading: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(
    private readonly userId: string,
    private readonly store: SessionStore,
    private readonly limits: SessionLimits,
    private readonly clock: Clock,
  ) {}

  get isWatched(): boolean {
    return this.#watchers.size > 0;
  }

  add(watcher: Watcher): void {
    this.#watchers.set(watcher, false);
  }

  remove(watcher: Watcher): void {
    this.#watchers.delete(watcher);
  }

  /**
   * Reads the sessions and reports what happened. A reading that is requested while one runs begins after it, and
   * serves all requests.
   */
  refresh(): Promise<void> {
    this.#next ??= this.#reading.then(() => {
      this.#next = undefined;
      const reading = this.#read();
      // The caller learns of a failure; the next reading only waits for this one.
      this.#reading = reading.catch(() => {});
      return reading;
    });
    return this.#next;
  }

  async #read(): Promise<void> {
    const at = this.clock.now();
    const newcomers = [...this.#watchers].filter(([, knows]) => !knows).map(([watcher]) => watcher);
    const page = await this.store.list(this.userId, false, this.#page(at));
    const after = await this.#snapshot(page, at, newcomers);
    const changes = this.#last ? changesBetween(this.#last, after, at, this.#oldest) : [];
    this.#remember(page, after);
    for (const [watcher, knows] of this.#watchers) if (knows) tell(watcher, changes, at);
    for (const watcher of newcomers) this.#catchUp(watcher, after, at);
  }

  /** Ended rows are read only if something ended, or a watcher was away. */
  async #snapshot(page: readonly Session[], at: number, newcomers: readonly Watcher[]): Promise<Snapshot> {
    const rows = [...page];
    const known = [...(this.#last?.keys() ?? []), ...newcomers.map(({ guid }) => guid)];
    const isAway = newcomers.some(({ since }) => since !== undefined);
    if (isAway || missing(known, rows).length > 0) {
      rows.push(...(await this.store.list(this.userId, true, this.#page(at))));
    }
    // Neither among the live sessions that are shown nor among the last ended ones: these are few, and read one by one.
    for (const guid of missing(known, rows)) {
      const row = await this.store.find({ userId: this.userId, guid });
      if (row) rows.push(row);
    }
    return snapshotOf(rows, at, this.limits);
  }

  /**
   * Only the sessions that are shown, and those that watch: a session that newer ones push out of the page is no longer
   * followed.
   */
  #remember(page: readonly Session[], { live }: Snapshot): void {
    const followed = new Set([...page, ...this.#watchers.keys()].map(({ guid }) => guid));
    this.#last = new Map([...live].filter(([guid]) => followed.has(guid)));
    this.#oldest = page.length < SHOWN ? 0 : (page.at(-1)?.createdAt ?? 0);
  }

  #page(at: number): ListPage {
    return { at, idleBefore: idleBefore(at, this.limits), limit: SHOWN };
  }

  #catchUp(watcher: Watcher, snapshot: Snapshot, at: number): void {
    if (!this.#watchers.has(watcher)) return;
    this.#watchers.set(watcher, true);
    const own = snapshot.ended.get(watcher.guid);
    const since = watcher.since === undefined ? undefined : watcher.since - CLOCK_TOLERANCE;
    const missed = since === undefined ? [] : changesSince(since, snapshot);
    // Its own end is reported however long ago it was.
    const rest = missed.filter(({ session }) => session.guid !== own?.session.guid);
    tell(watcher, own ? [...rest, { type: 'session.revoked', ...own }] : rest, at);
  }
}

/** The end of the watching session comes last, since it hears nothing after it. */
function tell({ guid, hear }: Watcher, changes: readonly SessionChange[], at: number): void {
  const isOwnEnd = ({ type, session }: SessionChange) => type === 'session.revoked' && session.guid === guid;
  const ordered = [...changes.filter((one) => !isOwnEnd(one)), ...changes.filter(isOwnEnd)];
  for (const change of ordered) hear(newsOf(change, guid), at);
}

function missing(guids: readonly string[], rows: readonly Session[]): string[] {
  const found = new Set(rows.map(({ guid }) => guid));
  return [...new Set(guids)].filter((guid) => !found.has(guid));
}
