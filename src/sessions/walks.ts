import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { AuthError } from '../errors.js';
import type { Place, SessionStore, Walk } from './session-store.js';

/**
 * How long an answer waits for its walk, in milliseconds. Not `storeTimeout`, which bounds each batch: 300,000 sessions are
 * 600 batches, and take half a minute, or more where the database is busy.
 */
const PATIENCE = 120_000;
/** The waits before a walk that failed is gone on with, in milliseconds: the first, doubled up to the last. */
const [FIRST_WAIT, LAST_WAIT] = [500, 30_000];

/** Takes so many milliseconds, or fails as soon as the signal is aborted; keeps no process alive. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<unknown>;

const pauseInTime: Pause = (milliseconds, signal) => wait(milliseconds, undefined, { signal, ref: false });

/** A walk under way: how far it came, and how many sessions it ended. */
interface Run {
  readonly walk: Walk;
  readonly tell: (count: number) => void;
  after: Place | undefined;
  count: number;
}

/**
 * Ends many sessions in batches. Where the store fails halfway, or the answer cannot wait any longer, the caller is told so
 * and the walk goes on by itself, until it is through, a later one covers it, or the process ends.
 */
export class Walks {
  readonly #stopped = new AbortController();
  readonly #underWay = new Set<Promise<unknown>>();
  /** Those that failed and are gone on with, by what they end. */
  readonly #unfinished = new Map<string, Run>();
  #finishing: Promise<void> | undefined;

  constructor(
    private readonly store: Pick<SessionStore, 'endBatch'>,
    private readonly pause: Pause = pauseInTime,
  ) {}

  /**
   * Resolves to the number of sessions ended, after `count` that were so already, once all are. `tell` hears it, also where
   * that is later than the answer. Rejects with AuthError `unavailable` where they are not over in time.
   */
  async end(walk: Walk, count: number, tell: (count: number) => void): Promise<number> {
    this.#giveUp(keyOf(walk));
    const run = { walk, tell, after: undefined, count };
    const running = this.#run(run);
    this.#keep(running.catch(() => this.#goOnWith(run)));
    return this.#inTime(running, run);
  }

  /** Ends what is under way after its batch; the next cutoff of the same user finds the rest. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#underWay);
    await this.#finishing;
  }

  async #run(run: Run): Promise<number> {
    for (let isFirst = true; isFirst || run.after; isFirst = false) {
      if (this.#stopped.signal.aborted) throw new Error('The process is ending');
      const { ended, next } = await this.store.endBatch(run.walk, run.after);
      run.count += ended;
      run.after = next;
      // SQLite answers at once: everybody else has their turn here.
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
      const detail = `${run.count} sessions are over, and the rest follow by themselves or with the next try`;
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

  /** A later walk of the same kind covers what an earlier one left; what that one ended is told. */
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
