import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const LOADER = resolve('test/support/process/ts-loader.mjs');
const MAIN = resolve('test/examples/limited-main.ts');

/** The reference app on a clock that a test holds, in a process of its own: Jest cannot load the throttler. */
export interface LimitedApp {
  url: string;
  advance(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
}

/** Starts the reference app over a database of its own. */
export async function startLimitedApp(variables: Record<string, string>): Promise<LimitedApp> {
  const folder = mkdtempSync(join(tmpdir(), 'limited-'));
  const child = spawn(process.execPath, ['--import', LOADER, MAIN], {
    env: { PATH: process.env.PATH, DATABASE_URL: `sqlite:${join(folder, 'app.sqlite')}`, ...variables },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const over = once(child, 'exit').then(([code]) => {
    throw new Error(`The app ended with ${code}`);
  });
  // Its end after the last answer is no fault.
  over.catch(() => {});
  const end = async (signal: NodeJS.Signals) => {
    const closed = once(child, 'close');
    child.kill(signal);
    await closed;
    rmSync(folder, { recursive: true });
  };
  const answer = () => Promise.race([once(child, 'message'), over]);
  const [{ url }] = (await answer()) as [{ url: string }];
  return {
    url,
    advance: async (milliseconds) => {
      const done = answer();
      child.send(milliseconds);
      await done;
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}
