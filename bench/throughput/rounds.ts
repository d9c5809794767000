import { type Baselines, baselinesOn } from '../contenders/baselines.js';
import type { Contender } from '../contenders/contender.js';
import type { Surroundings } from '../contenders/running-app.js';
import type { LoadOptions } from '../load/load-job.js';
import { type Measurement, measure } from './measure.js';

/** How often each contender is measured, and what is printed meanwhile. */
export interface RoundOptions extends LoadOptions {
  rounds: number;
  say(line: string): void;
}

/** The results of each contender in one round, by its id. */
export type Round = Record<string, Measurement>;

/** Measures every contender once in each round. */
export async function runRounds(
  contenders: readonly Contender[],
  baselines: Baselines,
  options: RoundOptions,
  surroundings: Surroundings,
): Promise<Round[]> {
  const rounds: Round[] = [];
  for (let round = 0; round < options.rounds; round++) {
    options.say(`round ${round + 1} of ${options.rounds}`);
    rounds.push(await runRound(rotated(contenders, round), baselines, options, surroundings));
  }
  return rounds;
}

async function runRound(
  contenders: readonly Contender[],
  baselines: Baselines,
  options: RoundOptions,
  surroundings: Surroundings,
): Promise<Round> {
  const round: Round = {};
  for (const contender of contenders) {
    const beside = baselinesOn(contender.adapter, baselines, contenders);
    const measurement = await measure(contender, beside, options, surroundings);
    round[contender.id] = measurement;
    const { requestsPerSecond, ratio } = measurement;
    const shares = Object.values(ratio).map((share: number | undefined) => share?.toFixed(2) ?? '–');
    options.say(`  ${contender.title}: ${Math.round(requestsPerSecond)} requests/s; ${shares.join(' ')}`);
  }
  return round;
}

/** A different order in each round, so that no contender always runs after the same one. */
function rotated(contenders: readonly Contender[], round: number): Contender[] {
  const first = round % contenders.length;
  return [...contenders.slice(first), ...contenders.slice(0, first)];
}
