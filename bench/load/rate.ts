import type { SignedIn } from '../apps/app-spec.js';
import type { BenchOptions } from '../options.js';
import { load } from './wrk.js';

/** Requests a second of a warm app. Throws where a request was not answered. */
export async function rateOf(url: string, signedIn: readonly SignedIn[], options: BenchOptions): Promise<number> {
  const { connections, warmup, seconds } = options;
  const job = { url, credentials: signedIn.map(({ credentials }) => credentials), connections };
  await load({ ...job, seconds: warmup });
  const { requestsPerSecond, failures } = await load({ ...job, seconds });
  if (Object.keys(failures).length > 0) throw new Error(`not every request was answered: ${JSON.stringify(failures)}`);
  return requestsPerSecond;
}
