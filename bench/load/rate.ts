import type { SignedIn } from '../contract/app-spec.js';
import { refuseFailures } from './failures.js';
import { jobOf, type LoadOptions } from './load-job.js';
import { load } from './wrk.js';

/** Requests a second of a warm app. Throws where a request was not answered. */
export async function rateOf(url: string, signedIn: readonly SignedIn[], options: LoadOptions): Promise<number> {
  const job = jobOf({ url }, signedIn, options);
  await load({ ...job, seconds: options.warmup });
  return refuseFailures({ title: url }, await load(job)).requestsPerSecond;
}
