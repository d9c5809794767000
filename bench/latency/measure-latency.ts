import { type Surroundings, withApps } from '../apps/running-app.js';
import type { Contender } from '../contenders/contender.js';
import { rateOf } from '../load/rate.js';
import type { BenchOptions } from '../options.js';
import { median, type Quantiles, quantilesOf } from '../support/statistics.js';
import { usersOf } from '../support/users.js';
import { type Pacer, WARMUP, withPacer } from './paced.js';

/** Latency at one rate, in milliseconds. */
export interface LatencySummary {
  title: string;
  perSecond: number;
  /** Of all requests of a round; medians over the rounds. */
  p50: number;
  p99: number;
  /** The p99 of each round, as a ratio to that of the first contender. */
  ratios: number[];
}

/**
 * Measures contenders at one rate: half of what the last of them can carry. In a round all of them stand by, warm, and
 * are called in turn for a second each.
 */
export async function measureLatency(
  contenders: readonly Contender[],
  options: BenchOptions,
  surroundings: Surroundings,
): Promise<LatencySummary[]> {
  const last = contenders.at(-1) as Contender;
  const perSecond = Math.round((await capacityOf(last, options, surroundings)) / 2);
  const pace = { connections: options.connections, perSecond };
  const rounds: Quantiles[][] = [];
  for (let round = 0; round < options.rounds; round++) {
    rounds.push(
      await withPacers(contenders, options, surroundings, async (pacers) => {
        for (const paced of pacers) await paced({ ...pace, seconds: WARMUP });
        return inTurn(pacers, options.seconds, (paced) => paced({ ...pace, seconds: 1 }));
      }),
    );
  }
  return contenders.map(({ title }, index) => {
    const each = (read: (turn: Quantiles) => number) => rounds.map((turns) => read(turns[index] as Quantiles));
    const [p50, p99] = [median(each((one) => one.p50)), median(each((one) => one.p99))];
    const ratios = each((one) => one.p99).map((one, round) => one / (rounds[round]?.[0]?.p99 ?? Number.NaN));
    return { title, perSecond, p50, p99, ratios };
  });
}

function capacityOf(contender: Contender, options: BenchOptions, surroundings: Surroundings): Promise<number> {
  return withApps(contender, 1, surroundings, async ([app]) => {
    const signedIn = (await app?.signIn(usersOf(options.sessions), true)) ?? [];
    return rateOf(app?.url ?? '', signedIn, options);
  });
}

/** Runs `work` with an app of each contender, and what calls it. */
function withPacers<T>(
  [contender, ...others]: readonly Contender[],
  options: BenchOptions,
  surroundings: Surroundings,
  work: (pacers: readonly Pacer[]) => Promise<T>,
): Promise<T> {
  if (contender === undefined) return work([]);
  return withApps(contender, 1, { ...surroundings, server: surroundings.anyCore }, async ([app]) => {
    const signedIn = (await app?.signIn(usersOf(options.sessions), true)) ?? [];
    return withPacer(app?.url ?? '', signedIn, (first) =>
      withPacers(others, options, surroundings, (rest) => work([first, ...rest])),
    );
  });
}

async function inTurn(
  pacers: readonly Pacer[],
  seconds: number,
  call: (paced: Pacer) => ReturnType<Pacer>,
): Promise<Quantiles[]> {
  const seen = pacers.map((): number[] => []);
  for (let second = 0; second < seconds; second++) {
    // Another is the first each time, so that nobody always follows the same neighbour.
    for (let turn = 0; turn < pacers.length; turn++) {
      const index = (second + turn) % pacers.length;
      seen[index]?.push(...(await call(pacers[index] as Pacer)));
    }
  }
  return seen.map(quantilesOf);
}
