import type { SignedIn } from '../apps/app-spec.js';
import { Child } from '../support/child.js';
import type { PaceJob, PaceResult } from './pace-job.js';

/** A steady load on one app. */
export type Pace = Pick<PaceJob, 'connections' | 'perSecond' | 'seconds'>;

/** Calls an app at a steady rate from a process of its own. Throws where a request was not answered 200. */
export async function paced(url: string, signedIn: readonly SignedIn[], pace: Pace): Promise<PaceResult> {
  const { child } = await Child.start({ main: 'latency/pace-main.ts' });
  try {
    const credentials = signedIn.map((session) => session.credentials);
    const result = await child.ask<PaceResult>({ ...pace, url, credentials } satisfies PaceJob);
    if (result.failures > 0) throw new Error(`${result.failures} of ${result.requests} requests were not answered 200`);
    return result;
  } finally {
    await child.stop();
  }
}
