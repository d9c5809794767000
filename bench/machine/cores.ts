import { spawnSync } from 'node:child_process';

const SERVER_CORE = '0';
const LOAD_CORE = '1';

/** Which cores the bench uses, as a sentence for the reader and as the prefix of a command. */
export interface Cores {
  pinned: boolean;
  note: string;
  /** What to put before the command of a server. */
  server: readonly string[];
  /** The same for one that may use every core; see bench/README.md. */
  anyCore: readonly string[];
}

/**
 * Gives the server its own core, and the other one to this process and to everything that it starts from now on: load and
 * databases. Without `taskset` or a second core, all share the same cores, and the note says so.
 */
export function pinCores(): Cores {
  const missing = whatIsMissing();
  if (missing) return { pinned: false, note: `not pinned: ${missing}`, server: [], anyCore: [] };
  taskset('-a', '-p', '-c', LOAD_CORE, String(process.pid));
  return {
    pinned: true,
    note: `server on core ${SERVER_CORE}, load and databases on core ${LOAD_CORE}`,
    server: ['taskset', '-c', SERVER_CORE],
    anyCore: ['taskset', '-c', `${SERVER_CORE},${LOAD_CORE}`],
  };
}

function whatIsMissing(): string | undefined {
  if (taskset('--version') !== 0) return 'there is no taskset';
  const absent = [SERVER_CORE, LOAD_CORE].find((core) => taskset('-c', core, 'true') !== 0);
  return absent === undefined ? undefined : `core ${absent} is not available`;
}

function taskset(...args: string[]): number | null {
  return spawnSync('taskset', args, { stdio: 'ignore' }).status;
}
