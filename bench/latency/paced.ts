import type { SignedIn } from '../apps/app-spec.js';
import { Child } from '../support/child.js';
import type { PaceJob, PaceResult } from './pace-job.js';

/** A steady load on one app. */
export type Pace = Pick<PaceJob, 'connections' | 'perSecond' | 'seconds'>;

/** Calls an app at a steady rate and resolves to the latencies, in milliseconds. Throws where an answer was not 200. */
export type Pacer = (pace: Pace) => Promise<number[]>;

/** At half load an app takes longer until its code is compiled and its memory has found its size, in seconds. */
export const WARMUP = 15;

/** Runs `work` with a process that calls an app, the same for all of its parts: a new one is slow in its first second. */
export async function withPacer<T>(
  url: string,
  signedIn: readonly SignedIn[],
  work: (paced: Pacer) => Promise<T>,
): Promise<T> {
  const { child } = await Child.start({ main: 'latency/pace-main.ts' });
  const credentials = signedIn.map((session) => session.credentials);
  try {
    return await work(async (pace) => {
      const { latencies, failures } = await child.ask<PaceResult>({ ...pace, url, credentials } satisfies PaceJob);
      if (failures > 0) throw new Error(`${failures} of ${latencies.length} requests were not answered 200`);
      return latencies;
    });
  } finally {
    await child.stop();
  }
}
