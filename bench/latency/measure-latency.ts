import { type Surroundings, withApps } from '../apps/running-app.js';
import type { Contender } from '../contenders/contender.js';
import { rateOf } from '../load/rate.js';
import type { BenchOptions } from '../options.js';
import { median } from '../support/statistics.js';
import { usersOf } from '../support/users.js';
import { paced } from './paced.js';

/** Latency at one rate; medians over the rounds, in milliseconds. */
export interface LatencySummary {
  title: string;
  perSecond: number;
  p50: number;
  p99: number;
}

/**
 * Measures contenders at one rate: half of what the last of them can carry. Each turn has a process of its own, and
 * turns alternate.
 */
export async function measureLatency(
  contenders: readonly Contender[],
  options: BenchOptions,
  surroundings: Surroundings,
): Promise<LatencySummary[]> {
  const last = contenders.at(-1) as Contender;
  const perSecond = Math.round((await capacityOf(last, options, surroundings)) / 2);
  const seen = new Map(contenders.map(({ id }) => [id, [] as { p50: number; p99: number }[]]));
  for (let round = 0; round < options.rounds; round++) {
    for (const contender of contenders) {
      seen.get(contender.id)?.push(await turn(contender, perSecond, options, surroundings));
    }
  }
  return contenders.map(({ id, title }) => {
    const rounds = seen.get(id) ?? [];
    return { title, perSecond, p50: median(rounds.map((one) => one.p50)), p99: median(rounds.map((one) => one.p99)) };
  });
}

function capacityOf(contender: Contender, options: BenchOptions, surroundings: Surroundings): Promise<number> {
  return withApps(contender, 1, surroundings, async ([app]) => {
    const signedIn = (await app?.signIn(usersOf(options.sessions), true)) ?? [];
    return rateOf(app?.url ?? '', signedIn, options);
  });
}

function turn(contender: Contender, perSecond: number, options: BenchOptions, surroundings: Surroundings) {
  const { connections, warmup, seconds, sessions } = options;
  return withApps(contender, 1, surroundings, async ([app]) => {
    const signedIn = (await app?.signIn(usersOf(sessions), true)) ?? [];
    await paced(app?.url ?? '', signedIn, { connections, perSecond, seconds: warmup });
    return paced(app?.url ?? '', signedIn, { connections, perSecond, seconds });
  });
}
