import { median } from '../../test/support/statistics.js';
import type { Contender } from '../contenders/contender.js';
import { type Surroundings, withApp } from '../contenders/running-app.js';
import { atHalfLoad, type Latency } from '../load/half-load.js';
import { jobOf } from '../load/load-job.js';
import { rateOf } from '../load/rate.js';
import type { BenchOptions } from '../support/options.js';
import { usersOf } from '../support/users.js';

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
 * Measures contenders at one rate: half of what the last of them can carry. Each turn has a process of its own, without a
 * rest between warming up and measuring: V8 gives memory back when there is nothing to do, and has to take it again.
 */
export async function measureLatency(
  contenders: readonly Contender[],
  options: BenchOptions,
  surroundings: Surroundings,
): Promise<LatencySummary[]> {
  const last = contenders.at(-1) as Contender;
  const perSecond = Math.round((await capacityOf(last, options, surroundings)) / 2);
  const rounds: Latency[][] = [];
  while (rounds.length < options.rounds) {
    rounds.push(await measureRound(contenders, perSecond, options, surroundings));
  }
  return contenders.map(({ title }, index) => ({ title, perSecond, ...summaryOf(rounds, index) }));
}

function summaryOf(rounds: readonly Latency[][], index: number): Omit<LatencySummary, 'title' | 'perSecond'> {
  const p99s = (at: number) => rounds.map((turns) => turns[at]?.p99 ?? Number.NaN);
  const first = p99s(0);
  return {
    p50: median(rounds.map((turns) => turns[index]?.p50 ?? Number.NaN)),
    p99: median(p99s(index)),
    ratios: p99s(index).map((p99, round) => p99 / (first[round] ?? Number.NaN)),
  };
}

async function measureRound(
  contenders: readonly Contender[],
  perSecond: number,
  options: BenchOptions,
  surroundings: Surroundings,
): Promise<Latency[]> {
  const turns: Latency[] = [];
  for (const contender of contenders) turns.push(await measureTurn(contender, perSecond, options, surroundings));
  return turns;
}

function measureTurn(contender: Contender, perSecond: number, options: BenchOptions, surroundings: Surroundings) {
  return withApp(contender, { ...surroundings, server: surroundings.anyCore }, async (app) => {
    const signedIn = await app.signIn(usersOf(options.sessions), true);
    const measured = await atHalfLoad({ ...jobOf(app, signedIn, options), perSecond });
    return measured();
  });
}

function capacityOf(contender: Contender, options: BenchOptions, surroundings: Surroundings): Promise<number> {
  return withApp(contender, surroundings, async (app) => {
    const signedIn = await app.signIn(usersOf(options.sessions), true);
    return rateOf(app.url, signedIn, options);
  });
}
