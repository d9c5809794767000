import { cpus, release, totalmem, type } from 'node:os';

/** What a figure was measured on. */
export interface Machine {
  cpu: string;
  cores: number;
  memory: string;
  system: string;
  node: string;
  date: string;
}

/** Describes this machine, as of now. */
export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    // Not what this process may use: it is pinned.
    cores: cpus().length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${type()} ${release()}`,
    node: process.version,
    date: new Date().toISOString(),
  };
}
