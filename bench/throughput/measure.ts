import { type RunningApp, type Surroundings, withApps } from '../apps/running-app.js';
import type { Contender } from '../contenders/contender.js';
import { type LoadJob, type LoadResult, load } from '../load/wrk.js';
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
    const credentials = signedIn.map((session) => session.credentials);
    const result = await underLoad(app, { url: app.url, credentials, connections: options.connections }, options);
    return { ...refuseFailures(contender, result), verified };
  });
}

async function underLoad(
  app: RunningApp,
  job: Omit<LoadJob, 'seconds'>,
  { warmup, seconds }: LoadOptions,
): Promise<Omit<Measurement, 'verified'>> {
  const { failures } = await load({ ...job, seconds: warmup });
  const [cpu, at] = [await app.cpu(), performance.now()];
  const result = await load({ ...job, seconds });
  const used = (await app.cpu()) - cpu;
  const busy = used / 1_000 / (performance.now() - at);
  return { ...result, failures: { ...failures, ...result.failures }, cpuPerRequest: used / result.requests, busy };
}

/** Gives the result back if every request was answered with success; throws a sentence otherwise. */
export function refuseFailures<T extends LoadResult>({ title }: Pick<Contender, 'title'>, result: T): T {
  const failures = Object.entries(result.failures).map(([what, count]) => `${count} ${what}`);
  if (failures.length > 0) throw new Error(`${title}: not every request was answered, but ${failures.join(', ')}`);
  if (result.requests === 0) throw new Error(`${title}: no request was answered`);
  return result;
}
