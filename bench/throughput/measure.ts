import type { PerBaseline } from '../contenders/baselines.js';
import type { Contender } from '../contenders/contender.js';
import { type RunningApp, type Surroundings, withApp } from '../contenders/running-app.js';
import { refuseFailures } from '../load/failures.js';
import { jobOf, type LoadJob, type LoadOptions } from '../load/load-job.js';
import { type LoadResult, load } from '../load/wrk.js';
import { usersOf } from '../support/users.js';
import { inTurns, type Loaded } from './in-turns.js';
import { verify } from './verify.js';
import { withBaselines } from './with-baselines.js';

/** The result of one turn of one contender. */
export interface Measurement extends LoadResult {
  /** CPU time of the app's process per request, in microseconds. */
  cpuPerRequest: number;
  /** The share of the turn in which the app's process was working. Well below 1, something else was the limit. */
  busy: number;
  /** Requests a second as a share of the baselines' on the same adapter, while they took turns. */
  ratio: Ratio;
  verified: string[];
}

/** A share of the rate of each baseline. */
export type Ratio = PerBaseline<number>;

/**
 * Starts a contender, verifies that it works, warms it up, and measures it: alone, and in turns with its baselines. The
 * baselines are started again for each contender, so that the luck of one start affects only one figure.
 */
export function measure(
  contender: Contender,
  baselines: PerBaseline<Contender>,
  options: LoadOptions,
  surroundings: Surroundings,
): Promise<Measurement> {
  return withApp(contender, surroundings, async (app) => {
    const [sample, ...signedIn] = await app.signIn(usersOf(options.sessions + 1), true);
    const verified = sample ? await verify(contender, app.url, sample) : [];
    const job = jobOf(app, signedIn, options);
    refuseFailures(contender, await load({ ...job, seconds: options.warmup }));
    const alone = refuseFailures(contender, await underLoad(app, job));
    const ratio = await withBaselines(baselines, options, surroundings, (loaded) =>
      ratioOf({ contender, app, job }, loaded, options.seconds),
    );
    return { ...alone, ratio, verified };
  });
}

async function underLoad(app: RunningApp, job: LoadJob): Promise<Omit<Measurement, 'ratio' | 'verified'>> {
  const [cpu, at] = [await app.cpu(), performance.now()];
  const result = await load(job);
  const used = (await app.cpu()) - cpu;
  const busy = used / 1_000 / (performance.now() - at);
  return { ...result, cpuPerRequest: used / result.requests, busy };
}

/** The first second does not count: all apps except the one started last have been idle. */
async function ratioOf(mine: Loaded, { open, stateless }: PerBaseline<Loaded>, seconds: number): Promise<Ratio> {
  const loaded = [mine, open, stateless].filter((one) => one !== undefined);
  await inTurns(loaded, 1);
  const rates = await inTurns(loaded, seconds);
  const [rate = Number.NaN] = rates;
  const to = (baseline: Loaded | undefined) => baseline && rate / (rates[loaded.indexOf(baseline)] ?? Number.NaN);
  return { open: to(open), stateless: to(stateless) };
}
