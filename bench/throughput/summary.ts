import type { Adapter, AppKind } from '../apps/app-spec.js';
import type { Contender, Refuses } from '../contenders/contender.js';
import { median } from '../support/statistics.js';
import type { Measurement } from './measure.js';
import type { Round } from './rounds.js';

/** The contenders the others are held against, by their ids: those on the same adapter. */
export type Baselines = Record<Adapter, { open: string; stateless: string }>;

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
  /** Medians of the ratios within each round; undefined where the baseline was not measured. */
  ratio: { open: number | undefined; stateless: number | undefined };
  verified: string[];
}

/** Sums up the rounds of every contender. */
export function summarize(
  contenders: readonly Pick<Contender, 'id' | 'title' | 'app' | 'adapter' | 'refuses'>[],
  rounds: readonly Round[],
  baselines: Baselines,
): Summary[] {
  return contenders.map(({ id, title, app, adapter, refuses }) => {
    const middle = (read: (measurement: Measurement) => number) => median(all(rounds, id).map(read));
    const { open, stateless } = baselines[adapter];
    const ratio = { open: ratioTo(open, id, rounds), stateless: ratioTo(stateless, id, rounds) };
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

function ratioTo(baseline: string, id: string, rounds: readonly Round[]): number | undefined {
  const ratios = rounds.flatMap((round) => {
    const [mine, theirs] = [round[id], round[baseline]];
    return mine && theirs ? [mine.requestsPerSecond / theirs.requestsPerSecond] : [];
  });
  return ratios.length > 0 ? median(ratios) : undefined;
}
