import { type RunningApp, type Surroundings, withApps } from '../apps/running-app.js';
import type { Contender } from '../contenders/contender.js';
import type { LoadJob, LoadResult } from '../load/load-job.js';
import { Child } from '../support/child.js';
import { usersOf } from '../support/users.js';
import { verify } from './verify.js';

/** How hard and how long one contender is called. */
export interface LoadOptions {
  connections: number;
  sessions: number;
  warmup: number;
  seconds: number;
}

/** What one run of one contender gave. */
export interface Measurement extends LoadResult {
  /** CPU time of the app's process per request, in microseconds. */
  cpuPerRequest: number;
  /** The part of the run in which the app's process was at work; well below 1 something else was the limit. */
  busy: number;
  verified: string[];
}

/** Starts a contender alone, sees that it does its work, warms it up, and measures it. */
export function measure(contender: Contender, options: LoadOptions, surroundings: Surroundings): Promise<Measurement> {
  return withApps(contender, 1, surroundings, async ([app]) => {
    if (app === undefined) throw new Error('no app was started');
    const users = usersOf(options.sessions + 1);
    const [sample, ...signedIn] = await app.signIn(users, true);
    const verified = sample ? await verify(contender, app.url, sample) : [];
    const job = { url: app.url, tokens: signedIn.map(({ token }) => token), connections: options.connections };
    const result = await underLoad(app, job, options);
    return { ...refuseFailures(contender, result), verified };
  });
}

async function underLoad(
  app: RunningApp,
  job: Omit<LoadJob, 'seconds'>,
  { warmup, seconds }: LoadOptions,
): Promise<Omit<Measurement, 'verified'>> {
  const { child: load } = await Child.start({ main: 'load/load-main.ts' });
  try {
    const { failures } = await load.ask<LoadResult>({ ...job, seconds: warmup } satisfies LoadJob);
    const [cpu, at] = [await app.cpu(), performance.now()];
    const result = await load.ask<LoadResult>({ ...job, seconds } satisfies LoadJob);
    const used = (await app.cpu()) - cpu;
    const busy = used / 1_000 / (performance.now() - at);
    return { ...result, failures: { ...failures, ...result.failures }, cpuPerRequest: used / result.requests, busy };
  } finally {
    await load.stop();
  }
}

/** Gives the result back if every request was answered 200; throws a sentence otherwise. */
export function refuseFailures<T extends LoadResult>({ title }: Pick<Contender, 'title'>, result: T): T {
  const failures = Object.entries(result.failures).map(([what, count]) => `${count} of ${what}`);
  if (failures.length > 0) throw new Error(`${title}: not every request was answered 200, but ${failures.join(', ')}`);
  if (result.requests === 0) throw new Error(`${title}: no request was answered`);
  return result;
}
