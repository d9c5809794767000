import type { Baselines } from './contenders/baselines.js';
import { type Contender, serversOf } from './contenders/contender.js';
import type { Surroundings } from './contenders/running-app.js';
import { type DelaySummary, measureDelay } from './delay/measure-delay.js';
import { pinCores } from './machine/cores.js';
import { describeMachine } from './machine/machine.js';
import { startServers } from './machine/servers.js';
import type { Drawn } from './report/drawn.js';
import { renderText } from './report/render.js';
import type { Report } from './report/report.js';
import { writeReport } from './report/write.js';
import type { BenchOptions } from './support/options.js';
import { runRounds } from './throughput/rounds.js';
import { summarize } from './throughput/summary.js';

/** A list of contenders, their baselines, and whose sign-outs are timed. */
export interface Suite {
  /** Names the files of its results. */
  name: string;
  contenders: readonly Contender[];
  baselines: Baselines;
  /** Ids of contenders. */
  timed: readonly string[];
  /** The contenders in the chart; without any there is no chart. */
  drawn: readonly Drawn[];
}

/** Starts what the suite needs, runs it, prints its tables and writes its results. */
export async function runSuite(suite: Suite, options: BenchOptions): Promise<void> {
  const contenders = chosen(suite.contenders, options.only);
  await inSurroundings(contenders, async (surroundings, notes) => {
    const report = await run({ ...suite, contenders }, options, surroundings, notes);
    say(`\n${renderText(report)}\n`);
    say(`written: ${writeReport(report, options.out, suite.drawn).join(', ')}`);
  });
}

/** Gives app and load a core each, and starts the servers these contenders need, until `work` is done. */
export async function inSurroundings(
  contenders: readonly Contender[],
  work: (surroundings: Surroundings, notes: string[]) => Promise<void>,
): Promise<void> {
  const cores = pinCores();
  const servers = await startServers(serversOf(contenders));
  const notes = [cores.note, ...servers.notes];
  say(notes.join('; '));
  try {
    await work({ server: cores.server, anyCore: cores.anyCore, urls: servers.urls }, notes);
  } finally {
    await servers.stop();
  }
}

async function run(suite: Suite, options: BenchOptions, surroundings: Surroundings, notes: string[]): Promise<Report> {
  const { name, contenders, baselines } = suite;
  const machine = describeMachine();
  const rounds = await runRounds(contenders, baselines, { ...options, say }, surroundings);
  const summary = summarize(contenders, rounds);
  const delays = await runDelays(suite, options, surroundings);
  return { name, machine, notes, options, baselines, summary, rounds, delays };
}

async function runDelays(
  { contenders, timed }: Suite,
  options: BenchOptions,
  surroundings: Surroundings,
): Promise<DelaySummary[]> {
  const delays: DelaySummary[] = [];
  if (options.revokes === 0) return delays;
  for (const contender of contenders.filter(({ id }) => timed.includes(id))) {
    say(`${options.revokes} sign-outs on ${options.processes} processes: ${contender.title}`);
    delays.push(await measureDelay(contender, options, surroundings));
  }
  return delays;
}

function chosen(contenders: readonly Contender[], only: readonly string[]): readonly Contender[] {
  const ids = contenders.map(({ id }) => id);
  const unknown = only.filter((id) => !ids.includes(id));
  if (unknown.length > 0) throw new Error(`there is no ${unknown.join(', ')}; there are ${ids.join(', ')}`);
  return only.length === 0 ? contenders : contenders.filter(({ id }) => only.includes(id));
}

/** Prints a line. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
