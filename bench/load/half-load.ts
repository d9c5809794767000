import { refuseFailures } from './failures.js';
import type { LoadJob } from './load-job.js';
import { type LoadResult, load } from './wrk.js';

/** The warm-up at half load, in seconds: compiling the code and settling the size of the heap take longer there. */
const WARMUP = 15;

/** Latencies at a steady rate, in milliseconds. */
export type Latency = Pick<LoadResult, 'p50' | 'p99'>;

/** Warms an app up at this rate. Resolves to a function that measures it each time it is called. */
export async function atHalfLoad(job: LoadJob & { perSecond: number }): Promise<() => Promise<Latency>> {
  const calls = async (seconds: number) => refuseFailures({ title: job.url }, await load({ ...job, seconds }));
  await calls(WARMUP);
  return () => calls(job.seconds);
}
