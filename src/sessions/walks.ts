import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { AuthError } from '../errors.js';
import type { Place, SessionStore, Walk } from './session-store.js';

/**
 * How long a caller waits for its walk, in milliseconds. `storeTimeout` bounds only each batch: 300,000 sessions are 600
 * batches, and take half a minute, or longer if the database is busy.
 */
const PATIENCE = 120_000;
/** The first and the longest wait before a failed walk is continued, in milliseconds. Each wait is twice the one before. */
const [FIRST_WAIT, LAST_WAIT] = [500, 30_000];

/** Resolves after so many milliseconds, or rejects as soon as the signal is aborted. Does not keep the process alive. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<unknown>;

const pauseInTime: Pause = (milliseconds, signal) => wait(milliseconds, undefined, { signal, ref: false });

/** A walk under way: how far it has come, and how many sessions it has ended. */
interface Run {
  readonly walk: Walk;
  readonly tell: (count: number) => void;
  after: Place | undefined;
  count: number;
}

/**
 * Ends many sessions in batches. If the store fails halfway, or it takes too long, the caller gets an error and the walk
 * goes on in the background until it is done, a later walk covers it, or the process ends.
 */
export class Walks {
  readonly #stopped = new AbortController();
  readonly #underWay = new Set<Promise<unknown>>();
  /** Walks that failed and are continued in the background, by what they end. */
  readonly #unfinished = new Map<string, Run>();
  #finishing: Promise<void> | undefined;

  constructor(
    private readonly store: Pick<SessionStore, 'endBatch'>,
    private readonly pause: Pause = pauseInTime,
  ) {}

  /**
   * Resolves to the number of sessions ended, including the `count` that already were, once all are over. `tell` gets the
   * number too, even if that is after this promise settled. Rejects with AuthError `unavailable` if it takes too long.
   */
  async end(walk: Walk, count: number, tell: (count: number) => void): Promise<number> {
    this.#giveUp(keyOf(walk));
    const run = { walk, tell, after: undefined, count };
    const running = this.#run(run);
    this.#keep(running.catch(() => this.#goOnWith(run)));
    return this.#inTime(running, run);
  }

  /** Stops work under way after its current batch. The next cutoff of the same user ends the rest. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#underWay);
    await this.#finishing;
  }

  async #run(run: Run): Promise<number> {
    for (let isFirst = true; isFirst || run.after; isFirst = false) {
      if (this.#stopped.signal.aborted) throw new Error('The process is shutting down');
      const { ended, next } = await this.store.endBatch(run.walk, run.after);
      run.count += ended;
      run.after = next;
      // SQLite answers synchronously: let other work of this process run between batches.
      if (next) await turn();
    }
    run.tell(run.count);
    return run.count;
  }

  async #inTime(running: Promise<number>, run: Run): Promise<number> {
    const over = new AbortController();
    const late = this.pause(PATIENCE, over.signal).then(() => {
      throw new Error(`It takes longer than ${PATIENCE} ms`);
    });
    late.catch(() => {});
    try {
      return await Promise.race([running, late]);
    } catch (cause) {
      const detail = `${run.count} sessions are over; the rest will be ended in the background, or when you call this again`;
      throw new AuthError('unavailable', 'store_failed', { cause: new Error(`${detail} (${cause})`, { cause }) });
    } finally {
      over.abort();
    }
  }

  #goOnWith(run: Run): void {
    if (this.#stopped.signal.aborted) return;
    const key = keyOf(run.walk);
    this.#giveUp(key);
    this.#unfinished.set(key, run);
    this.#finishing ??= this.#finish().finally(() => {
      this.#finishing = undefined;
    });
  }

  async #finish(): Promise<void> {
    const { signal } = this.#stopped;
    for (let rest = FIRST_WAIT; this.#unfinished.size > 0; rest = Math.min(2 * rest, LAST_WAIT)) {
      await this.pause(rest, signal).catch(() => {});
      for (const [key, run] of this.#unfinished) {
        if (signal.aborted) return;
        const isOver = await this.#run(run).then(
          () => true,
          () => false,
        );
        if (isOver && this.#unfinished.get(key) === run) this.#unfinished.delete(key);
      }
    }
  }

  /** Drops the unfinished walk that a later one of the same kind covers, and reports how many sessions it ended. */
  #giveUp(key: string): void {
    const run = this.#unfinished.get(key);
    if (!run) return;
    this.#unfinished.delete(key);
    run.tell(run.count);
  }

  #keep(running: Promise<unknown>): void {
    this.#underWay.add(running);
    running.finally(() => this.#underWay.delete(running));
  }
}

function keyOf({ userId, upTo }: Walk): string {
  return `${upTo ? 'surplus' : 'covered'} ${userId ?? ''}`;
}
