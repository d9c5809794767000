import type { Clock } from '../clock.js';
import type { SessionLimits } from '../options/resolved-auth-options.js';
import type { SessionStore } from '../sessions/session-store.js';
import {
  changesBetween,
  changesSince,
  newsOf,
  type SessionChange,
  type SessionNews,
  type Snapshot,
  snapshotOf,
} from './session-news.js';

/** Clocks of processes may disagree by so much; what is told twice does no harm. */
const TOLERANCE = 60_000;

/** Hears news, read at a moment; milliseconds since the epoch. */
export type NewsListener = (news: SessionNews, at: number) => void;

/** A session that watches. */
export interface Watcher {
  readonly guid: string;
  readonly hear: NewsListener;
  /** It heard everything until then; undefined for one that comes for the first time. */
  readonly since: number | undefined;
}

/** The sessions of one user who is watched: what was told of them, and to whom. */
export class WatchedUser {
  /** Those who watch, and whether they know what the last reading knew. */
  readonly #watchers = new Map<Watcher, boolean>();
  /** The live sessions of the last reading. */
  #last: Snapshot['live'] | undefined;
  /** The reading under way, or the last one; never rejects. */
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

  /** Reads the sessions and tells what happened. One that is asked for while one runs begins after it, and serves all. */
  refresh(): Promise<void> {
    this.#next ??= this.#reading.then(() => {
      this.#next = undefined;
      const reading = this.#read();
      // Whoever asked is told; the next reading only waits for this one.
      this.#reading = reading.catch(() => {});
      return reading;
    });
    return this.#next;
  }

  async #read(): Promise<void> {
    const at = this.clock.now();
    const newcomers = [...this.#watchers].filter(([, knows]) => !knows).map(([watcher]) => watcher);
    const after = await this.#snapshot(at, newcomers);
    const changes = this.#last ? changesBetween(this.#last, after, at) : [];
    this.#last = after.live;
    for (const [watcher, knows] of this.#watchers) if (knows) tell(watcher, changes, at);
    for (const watcher of newcomers) this.#catchUp(watcher, after, at);
  }

  /** Ended rows are read only where something ended, or somebody was away. */
  async #snapshot(at: number, newcomers: readonly Watcher[]): Promise<Snapshot> {
    const rows = await this.store.list(this.userId, false);
    const snapshot = snapshotOf(rows, at, this.limits);
    const known = [...(this.#last?.keys() ?? []), ...newcomers.map(({ guid }) => guid)];
    if (known.every((guid) => snapshot.live.has(guid)) && newcomers.every(({ since }) => since === undefined)) {
      return snapshot;
    }
    return snapshotOf([...rows, ...(await this.store.list(this.userId, true))], at, this.limits);
  }

  #catchUp(watcher: Watcher, snapshot: Snapshot, at: number): void {
    if (!this.#watchers.has(watcher)) return;
    this.#watchers.set(watcher, true);
    const own = snapshot.ended.get(watcher.guid);
    const since = watcher.since === undefined ? undefined : watcher.since - TOLERANCE;
    const missed = since === undefined ? [] : changesSince(since, snapshot);
    // Its own end is told however long ago it was.
    const rest = missed.filter(({ session }) => session.guid !== own?.session.guid);
    tell(watcher, own ? [...rest, { type: 'session.revoked', ...own }] : rest, at);
  }
}

/** The end of the session that watches comes last, since it hears nothing after it. */
function tell({ guid, hear }: Watcher, changes: readonly SessionChange[], at: number): void {
  const isOwnEnd = ({ type, session }: SessionChange) => type === 'session.revoked' && session.guid === guid;
  const ordered = [...changes.filter((one) => !isOwnEnd(one)), ...changes.filter(isOwnEnd)];
  for (const change of ordered) hear(newsOf(change, guid), at);
}
