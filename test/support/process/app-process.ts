import { type ChildProcess, spawn } from 'node:child_process';
import { Client } from '../client.js';
import type { ProcessOptions } from './app-main.js';
import { isFrozen } from './freezing.js';
import { programOf } from './programs.mjs';

/** An app in a process of its own. It ends with the tests, however they end. */
export interface AppProcess {
  client: Client;
  /** Ends it as a crash would, without a chance to finish anything. */
  kill(): Promise<void>;
  stop(): Promise<void>;
  /** Resolves once it is frozen, as it is after a request with the header `FREEZING`. */
  frozen(): Promise<void>;
  /** Lets it go on, if it is frozen. */
  thaw(): void;
}

/** Starts an app in a process of its own and waits until it listens. */
export async function startProcess(options: ProcessOptions): Promise<AppProcess> {
  const child = spawn(process.execPath, ['--expose-gc', await programOf('test/support/process/app-main.ts')], {
    env: { ...process.env, NODE_OPTIONS: '', PROCESS_OPTIONS: JSON.stringify(options) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const url = await listening(child);
  return {
    client: new Client(url),
    kill: () => end(child, 'SIGKILL'),
    stop: () => end(child, 'SIGTERM'),
    ...freezer(child),
  };
}

/** Starts several apps over one database. */
export function startProcesses(count: number, options: ProcessOptions): Promise<AppProcess[]> {
  return Promise.all(Array.from({ length: count }, () => startProcess(options)));
}

function listening(child: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    child.once('message', ({ url }: { url: string }) => done(url));
    child.once('exit', (code) => fail(new Error(`the app ended with ${code} before it listened`)));
  });
}

function freezer(child: ChildProcess): Pick<AppProcess, 'frozen' | 'thaw'> {
  let wasFrozen = false;
  return {
    frozen: async () => {
      while (!isFrozen(child.pid ?? 0)) await new Promise((done) => setTimeout(done, 5));
      wasFrozen = true;
    },
    // One that runs may be about to stop itself already, and would be woken too early.
    thaw: () => {
      if (wasFrozen) child.kill('SIGCONT');
      wasFrozen = false;
    },
  };
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) return done();
    child.once('exit', () => done());
    child.kill(signal);
  });
}
