import type { Surroundings } from '../apps/running-app.js';
import type { PaceResult } from '../latency/pace-job.js';
import { paced } from '../latency/paced.js';
import type { BenchOptions } from '../options.js';
import { alignedTable } from '../report/table.js';
import { type Filled, onRows, rateOn } from './on-rows.js';

/** How long a part of the load before and after the purge takes, in seconds. */
const PART = 10;

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
    const purging = app.purge();
    const during: PaceResult[] = [];
    for (let over = false; !over; ) {
      during.push(await paced(app.url, signedIn, pace));
      over = await Promise.race([purging.then(() => true), Promise.resolve(false)]);
    }
    const [deleted, seconds] = [await purging, (performance.now() - startedAt) / 1_000];
    if (deleted !== dead) throw new Error(`purge deleted ${deleted} rows, and there were ${dead} dead ones`);
    return report(idle, during.slice(0, -1), perSecond, seconds);
  });
}

function report(idle: PaceResult, during: readonly PaceResult[], perSecond: number, seconds: number): string {
  const rows = [idle, ...during].map(({ p50, p99 }, part) => [
    part === 0 ? 'idle' : `during the purge, ${(part - 1) * PART} to ${part * PART} s`,
    ...[p50, p99].map((milliseconds) => milliseconds.toFixed(2)),
    (p99 / idle.p99).toFixed(2),
  ]);
  const columns = [`${perSecond} requests/s`, 'p50 ms', 'p99 ms', 'p99 × idle'];
  return `\n${alignedTable({ columns, rows })}\nThe purge of 1,000,000 rows took ${seconds.toFixed(0)} s or less.`;
}
