import { median } from '../../test/support/statistics.js';
import type { Contender, Refuses } from '../contenders/contender.js';
import type { Adapter, AppKind } from '../contract/app-spec.js';
import type { Measurement, Ratio } from './measure.js';
import type { Round } from './rounds.js';

/** A row of the table: medians over the rounds. */
export interface Summary {
  id: string;
  title: string;
  app: AppKind;
  adapter: Adapter;
  refuses: Refuses;
  requestsPerSecond: { median: number; min: number; max: number };
  p50: number;
  p99: number;
  cpuPerRequest: number;
  busy: number;
  /** Medians over the rounds. */
  ratio: Ratio;
  verified: string[];
}

/** Sums up the rounds of every contender. */
export function summarize(
  contenders: readonly Pick<Contender, 'id' | 'title' | 'app' | 'adapter' | 'refuses'>[],
  rounds: readonly Round[],
): Summary[] {
  return contenders.map(({ id, title, app, adapter, refuses }) => {
    const middle = (read: (measurement: Measurement) => number) => median(all(rounds, id).map(read));
    const ratio = { open: ratioTo('open', id, rounds), stateless: ratioTo('stateless', id, rounds) };
    return {
      ...{ id, title, app, adapter, refuses, requestsPerSecond: spreadOf(all(rounds, id)), ratio },
      p50: middle(({ p50 }) => p50),
      p99: middle(({ p99 }) => p99),
      cpuPerRequest: middle(({ cpuPerRequest }) => cpuPerRequest),
      busy: middle(({ busy }) => busy),
      verified: all(rounds, id)[0]?.verified ?? [],
    };
  });
}

function all(rounds: readonly Round[], id: string): Measurement[] {
  return rounds.flatMap((round) => round[id] ?? []);
}

function spreadOf(measurements: readonly Measurement[]): Summary['requestsPerSecond'] {
  const values = measurements.map(({ requestsPerSecond }) => requestsPerSecond);
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

function ratioTo(baseline: keyof Ratio, id: string, rounds: readonly Round[]): number | undefined {
  const ratios = all(rounds, id).flatMap(({ ratio }) => ratio[baseline] ?? []);
  return ratios.length > 0 ? median(ratios) : undefined;
}
