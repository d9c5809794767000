import { setTimeout } from 'node:timers/promises';
import type { Contender } from '../contenders/contender.js';
import type { RunningApp } from '../contenders/running-app.js';
import { refuseFailures } from '../load/failures.js';
import type { LoadJob } from '../load/load-job.js';
import { load } from '../load/wrk.js';

/** How long an app has the core before the next one has it, in milliseconds. */
const SLICE = 200;

/** An app under load, with the devices that call it. */
export interface Loaded {
  contender: Contender;
  app: Pick<RunningApp, 'pause' | 'goOn'>;
  job: LoadJob;
}

/** When an app began to run, and when it was paused, if it was. */
interface Window {
  from: number;
  to: number;
}

/**
 * Puts several apps under load at the same time. One app has the core at a time while the others are paused, so that all of
 * them share what slows the machine down for a second or two. Each runs for so many seconds. Resolves to the requests per
 * second of each app while it ran.
 */
export async function inTurns(loaded: readonly Loaded[], seconds: number): Promise<number[]> {
  const turns = new Turns(loaded.map(({ app }) => app));
  const going = turns.go();
  try {
    return await Promise.all(
      loaded.map(async ({ contender, job }, index) => {
        const result = refuseFailures(contender, await load({ ...job, seconds: seconds * loaded.length }));
        const end = performance.now();
        const start = end - (result.requests / result.requestsPerSecond) * 1_000;
        return result.requests / turns.secondsOf(index, { from: start, to: end });
      }),
    );
  } finally {
    turns.stop();
    await going;
  }
}

/** Apps of which only one runs at a time. */
class Turns {
  readonly #windows: Window[][];
  #isOver = false;

  constructor(private readonly apps: readonly Loaded['app'][]) {
    this.#windows = apps.map(() => []);
  }

  /** Takes turns until `stop`; all run afterwards. */
  async go(): Promise<void> {
    for (const app of this.apps) app.pause();
    for (let turn = 0; !this.#isOver; turn++) await this.#slice(turn % this.apps.length);
    for (const app of this.apps) app.goOn();
  }

  stop(): void {
    this.#isOver = true;
  }

  /** For how much of this time an app ran. */
  secondsOf(index: number, time: Window): number {
    const within = ({ from, to }: Window) => Math.max(0, Math.min(to, time.to) - Math.max(from, time.from));
    return (this.#windows[index] ?? []).reduce((sum, window) => sum + within(window), 0) / 1_000;
  }

  async #slice(index: number): Promise<void> {
    const window = { from: performance.now(), to: Number.POSITIVE_INFINITY };
    this.#windows[index]?.push(window);
    this.apps[index]?.goOn();
    await setTimeout(SLICE);
    this.apps[index]?.pause();
    window.to = performance.now();
  }
}
