import { type RunningApp, type Surroundings, withApps } from '../apps/running-app.js';
import type { Contender } from '../contenders/contender.js';
import { refuseFailures } from '../load/failures.js';
import { type LoadJob, type LoadResult, load } from '../load/wrk.js';
import { median } from '../support/statistics.js';
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
  /** Requests a second of the baselines on the same adapter, each second in turn with this one. */
  beside: Beside;
  verified: string[];
}

/** What a contender is held against. */
export interface Beside {
  open: number | undefined;
  stateless: number | undefined;
}

/** Starts a contender, sees that it does its work, warms it up, and measures it a second at a time between its baselines. */
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
    const seconds: Slice[] = [];
    while (seconds.length < options.seconds) {
      const before = await open();
      const result = refuseFailures(contender, await underLoad(app, { ...job, seconds: 1 }));
      seconds.push({ ...result, beside: { open: before, stateless: await stateless() } });
    }
    return { ...together(seconds), verified };
  });
}

type Slice = Omit<Measurement, 'verified'>;

async function underLoad(app: RunningApp, job: LoadJob): Promise<Omit<Slice, 'beside'>> {
  const [cpu, at] = [await app.cpu(), performance.now()];
  const result = await load(job);
  const used = (await app.cpu()) - cpu;
  const busy = used / 1_000 / (performance.now() - at);
  return { ...result, cpuPerRequest: used / result.requests, busy };
}

/** Means of the seconds of a turn; medians of their latencies. */
function together(seconds: readonly Slice[]): Slice {
  const sum = (read: (slice: Slice) => number) => seconds.reduce((total, slice) => total + read(slice), 0);
  const mean = (read: (slice: Slice) => number) => sum(read) / seconds.length;
  const rateOf = (baseline: keyof Beside) =>
    seconds[0]?.beside[baseline] === undefined ? undefined : mean(({ beside }) => beside[baseline] ?? Number.NaN);
  return {
    requests: sum(({ requests }) => requests),
    requestsPerSecond: mean(({ requestsPerSecond }) => requestsPerSecond),
    p50: median(seconds.map(({ p50 }) => p50)),
    p99: median(seconds.map(({ p99 }) => p99)),
    failures: {},
    cpuPerRequest: mean(({ cpuPerRequest }) => cpuPerRequest),
    busy: mean(({ busy }) => busy),
    beside: { open: rateOf('open'), stateless: rateOf('stateless') },
  };
}
