import { parseArgs } from 'node:util';

/** Every knob of the bench with its default: a flag (`--rounds 5`) or a variable (`BENCH_ROUNDS=5`). */
const DEFAULTS = {
  rounds: '5',
  seconds: '4',
  warmup: '3',
  connections: '50',
  sessions: '1000',
  revokes: '10000',
  processes: '3',
  'at-once': '12',
  patience: '30000',
  only: '',
  out: 'bench/results',
};

type Name = keyof typeof DEFAULTS;

/** What the bench is to do. */
export interface BenchOptions {
  rounds: number;
  /** Measured seconds of a run, after `warmup` ones. */
  seconds: number;
  warmup: number;
  connections: number;
  sessions: number;
  /** Sign-outs to time; 0 leaves that part out. */
  revokes: number;
  processes: number;
  /** Sign-outs timed at the same time. */
  atOnce: number;
  /** Milliseconds after which a session that is still accepted fails the bench. */
  patience: number;
  /** Ids of contenders; all where none is named. */
  only: readonly string[];
  /** The folder results are written to. */
  out: string;
}

/** Reads flags, then variables, then defaults. Throws a sentence for what it does not know. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): BenchOptions {
  const names = Object.keys(DEFAULTS) as Name[];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ args: [...args], options });
  const text = (name: Name) => String(values[name] ?? env[variableOf(name)] ?? DEFAULTS[name]);
  const number = (name: Name) => numberOf(name, text(name));
  return {
    ...{ rounds: number('rounds'), seconds: number('seconds'), warmup: number('warmup') },
    ...{ connections: number('connections'), sessions: number('sessions'), revokes: number('revokes') },
    ...{ processes: number('processes'), atOnce: number('at-once'), patience: number('patience') },
    only: text('only').split(',').filter(Boolean),
    out: text('out'),
  };
}

function variableOf(name: Name): string {
  return `BENCH_${name.toUpperCase().replace('-', '_')}`;
}

function numberOf(name: Name, text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number) && number >= 0) return number;
  throw new Error(`--${name} takes a number, and ${text} is none`);
}
