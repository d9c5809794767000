import type { Baselines } from '../contenders/baselines.js';
import type { DelaySummary } from '../delay/measure-delay.js';
import type { Machine } from '../machine/machine.js';
import type { BenchOptions } from '../support/options.js';
import type { Round } from '../throughput/rounds.js';
import type { Summary } from '../throughput/summary.js';

/** Everything a run gave, as the JSON file has it. */
export interface Report {
  name: string;
  machine: Machine;
  notes: readonly string[];
  options: BenchOptions;
  baselines: Baselines;
  summary: readonly Summary[];
  rounds: readonly Round[];
  delays: readonly DelaySummary[];
}
