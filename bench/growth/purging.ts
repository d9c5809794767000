import type { Surroundings } from '../apps/running-app.js';
import type { PaceResult } from '../latency/pace-job.js';
import { paced } from '../latency/paced.js';
import type { BenchOptions } from '../options.js';
import { alignedTable } from '../report/table.js';
import { type Filled, onRows, rateOn } from './on-rows.js';

/** How long the parts of the load before and during the purge take, in seconds. */
const PART = 10;
const PART_DURING = 5;

/** Latency at half load while the app purges so many rows, and before. */
export async function measurePurge(
  table: Filled,
  dead: number,
  options: BenchOptions,
  surroundings: Surroundings,
): Promise<string> {
  const perSecond = Math.round((await rateOn(table, options, surroundings)) / 2);
  return onRows(table, surroundings, async (app, signedIn) => {
    const pace = { connections: options.connections, perSecond, seconds: PART };
    await paced(app.url, signedIn, { ...pace, seconds: options.warmup });
    const idle = await paced(app.url, signedIn, pace);
    const startedAt = performance.now();
    let seconds = 0;
    const purging = app.purge().then((deleted) => {
      seconds = (performance.now() - startedAt) / 1_000;
      return deleted;
    });
    const during: PaceResult[] = [];
    while (seconds === 0) during.push(await paced(app.url, signedIn, { ...pace, seconds: PART_DURING }));
    const deleted = await purging;
    if (deleted !== dead) throw new Error(`purge deleted ${deleted} rows, and there were ${dead} dead ones`);
    // The last part saw the end of the purge, and what comes after it.
    return report(idle, during.length > 1 ? during.slice(0, -1) : during, perSecond, seconds);
  });
}

function report(idle: PaceResult, during: readonly PaceResult[], perSecond: number, seconds: number): string {
  const rows = [idle, ...during].map(({ p50, p99 }, part) => [
    part === 0 ? 'idle' : `during the purge, ${(part - 1) * PART_DURING} to ${part * PART_DURING} s`,
    ...[p50, p99].map((milliseconds) => milliseconds.toFixed(2)),
    (p99 / idle.p99).toFixed(2),
  ]);
  const columns = [`${perSecond} requests/s`, 'p50 ms', 'p99 ms', 'p99 × idle'];
  return `\n${alignedTable({ columns, rows })}\nThe purge of 1,000,000 rows took ${seconds.toFixed(0)} s.`;
}
