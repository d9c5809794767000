import { type RunningApp, type Surroundings, withApps } from '../apps/running-app.js';
import type { Adapter } from '../apps/app-spec.js';
import type { Contender } from '../contenders/contender.js';
import { refuseFailures } from '../load/failures.js';
import { load } from '../load/wrk.js';
import { usersOf } from '../support/users.js';
import type { LoadOptions } from './measure.js';

/** The contenders the others are held against, by their ids: those on the same adapter. */
export type Baselines = Record<Adapter, { open: string; stateless: string }>;

/** Requests a second of a baseline, in a second; undefined where it does not take part. */
export type RateOf = (id: string) => Promise<number | undefined>;

/**
 * Runs `work` while the baselines among the contenders stand by, warm and idle: each contender can then be held
 * against them in the seconds of its own turn, since a machine that others share changes its speed by the minute.
 */
export async function withBaselines<T>(
  contenders: readonly Contender[],
  baselines: Baselines,
  options: LoadOptions,
  surroundings: Surroundings,
  work: (rateOf: RateOf) => Promise<T>,
): Promise<T> {
  const ids = new Set(Object.values(baselines).flatMap(({ open, stateless }) => [open, stateless]));
  const standing = new Map<string, (seconds: number) => Promise<number>>();
  const rateOf: RateOf = async (id) => standing.get(id)?.(1);
  const start = async ([first, ...others]: readonly Contender[]): Promise<T> => {
    if (first === undefined) return work(rateOf);
    return withApps(first, 1, surroundings, async ([app]) => {
      const rate = standBy(first, app as RunningApp, options);
      standing.set(first.id, rate);
      await rate(options.warmup);
      return start(others);
    });
  };
  return start(contenders.filter(({ id }) => ids.has(id)));
}

/** Each time with tokens of this moment: those of the beginning would end within a round. */
function standBy(contender: Contender, app: RunningApp, { sessions, connections }: LoadOptions) {
  return async (seconds: number) => {
    const credentials = (await app.signIn(usersOf(sessions), true)).map((signedIn) => signedIn.credentials);
    const result = await load({ url: app.url, credentials, connections, seconds });
    return refuseFailures(contender, result).requestsPerSecond;
  };
}
