import { type RunningApp, type Surroundings, withApps } from '../apps/running-app.js';
import type { Contender } from '../contenders/contender.js';
import { type LoadJob, type LoadResult, load } from '../load/wrk.js';
import { usersOf } from '../support/users.js';
import type { RateOf } from './standing.js';
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
  /** Requests a second of the baselines on the same adapter, right before and right after. */
  beside: Beside;
  verified: string[];
}

/** What a contender is held against. */
export interface Beside {
  open: number | undefined;
  stateless: number | undefined;
}

/** Starts a contender, sees that it does its work, warms it up, and measures it between the two baselines. */
export function measure(
  contender: Contender,
  { open, stateless }: Record<keyof Beside, () => ReturnType<RateOf>>,
  options: LoadOptions,
  surroundings: Surroundings,
): Promise<Measurement> {
  return withApps(contender, 1, surroundings, async ([app]) => {
    if (app === undefined) throw new Error('no app was started');
    const users = usersOf(options.sessions + 1);
    const [sample, ...signedIn] = await app.signIn(users, true);
    const verified = sample ? await verify(contender, app.url, sample) : [];
    const credentials = signedIn.map((session) => session.credentials);
    const job = { url: app.url, credentials, connections: options.connections };
    refuseFailures(contender, await load({ ...job, seconds: options.warmup }));
    const before = await open();
    const result = refuseFailures(contender, await underLoad(app, { ...job, seconds: options.seconds }));
    return { ...result, beside: { open: before, stateless: await stateless() }, verified };
  });
}

async function underLoad(app: RunningApp, job: LoadJob): Promise<Omit<Measurement, 'beside' | 'verified'>> {
  const [cpu, at] = [await app.cpu(), performance.now()];
  const result = await load(job);
  const used = (await app.cpu()) - cpu;
  const busy = used / 1_000 / (performance.now() - at);
  return { ...result, cpuPerRequest: used / result.requests, busy };
}

/** Gives the result back if every request was answered with success; throws a sentence otherwise. */
export function refuseFailures<T extends LoadResult>({ title }: Pick<Contender, 'title'>, result: T): T {
  const failures = Object.entries(result.failures).map(([what, count]) => `${count} ${what}`);
  if (failures.length > 0) throw new Error(`${title}: not every request was answered, but ${failures.join(', ')}`);
  if (result.requests === 0) throw new Error(`${title}: no request was answered`);
  return result;
}
