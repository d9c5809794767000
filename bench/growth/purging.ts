import { median } from '../../test/support/statistics.js';
import type { RunningApp, Surroundings } from '../contenders/running-app.js';
import { atHalfLoad, type Latency } from '../load/half-load.js';
import { jobOf } from '../load/load-job.js';
import { alignedTable } from '../report/table.js';
import type { BenchOptions } from '../support/options.js';
import { type Filled, onRows, rateOn } from './on-rows.js';

/** How long a part of the load takes, in seconds, and how many there are before the purge, and after it. */
const PART = 5;
const IDLE_PARTS = 10;

/** Latency at half load while the app purges so many rows, and before and after. */
export async function measurePurge(
  table: Filled,
  dead: number,
  options: BenchOptions,
  surroundings: Surroundings,
): Promise<string> {
  const perSecond = Math.round((await rateOn(table, options, surroundings)) / 2);
  return onRows(table, { ...surroundings, server: surroundings.anyCore }, async (app, signedIn) => {
    const part = await atHalfLoad({ ...jobOf(app, signedIn, { ...options, seconds: PART }), perSecond });
    const before = await parts(part, (count) => count < IDLE_PARTS);
    const { during, seconds } = await whilePurging(app, dead, part);
    const after = await parts(part, (count) => count < IDLE_PARTS);
    return report([...before, ...after], during, perSecond, seconds);
  });
}

async function whilePurging(app: RunningApp, dead: number, part: () => Promise<Latency>) {
  const startedAt = performance.now();
  let seconds = 0;
  const purging = app.purge().then((deleted) => {
    seconds = (performance.now() - startedAt) / 1_000;
    return deleted;
  });
  const during = await parts(part, () => seconds === 0);
  const deleted = await purging;
  if (deleted !== dead) throw new Error(`purge deleted ${deleted} rows, and there were ${dead} dead ones`);
  // The last part saw the end of the purge, and what comes after it.
  return { during: during.length > 1 ? during.slice(0, -1) : during, seconds };
}

async function parts(part: () => Promise<Latency>, goOn: (count: number) => boolean): Promise<Latency[]> {
  const results: Latency[] = [];
  while (goOn(results.length)) results.push(await part());
  return results;
}

function report(idle: readonly Latency[], during: readonly Latency[], perSecond: number, seconds: number): string {
  const p99s = (all: readonly Latency[]) => all.map(({ p99 }) => p99);
  const idleP99 = median(p99s(idle));
  const rowOf = (when: string, all: readonly Latency[]) => [
    when,
    median(all.map(({ p50 }) => p50)).toFixed(2),
    median(p99s(all)).toFixed(2),
    (median(p99s(all)) / idleP99).toFixed(2),
    p99s(all)
      .map((p99) => p99.toFixed(1))
      .join(' '),
  ];
  const rows = [rowOf('idle', idle), rowOf('during the purge', during)];
  const columns = [`${perSecond} requests/s`, 'p50 ms', 'p99 ms', 'p99 × idle', `p99 of each ${PART} s`];
  return `\n${alignedTable({ columns, rows })}\nThe purge of 1,000,000 rows took ${seconds.toFixed(0)} s.`;
}
