import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programOf } from '../support/process/programs.mjs';

/** The reference app on a clock that a test holds, in a process of its own. */
export interface LimitedApp {
  url: string;
  advance(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the reference app over a database of its own. */
export async function startLimitedApp(variables: Record<string, string>): Promise<LimitedApp> {
  const folder = mkdtempSync(join(tmpdir(), 'limited-'));
  const child = spawn(process.execPath, [await programOf('test/examples/limited-main.ts')], {
    env: { PATH: process.env.PATH, DATABASE_URL: `sqlite:${join(folder, 'app.sqlite')}`, ...variables },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const over = once(child, 'exit').then(([code]) => {
    throw new Error(`The app ended with ${code}`);
  });
  // Its end after the last answer is no fault.
  over.catch(() => {});
  const stop = async () => {
    const closed = once(child, 'close');
    child.kill('SIGTERM');
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
    stop,
  };
}

/** Sends a wrong password and leaves before it can be checked. */
export function hangUp(url: string, username: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const body = JSON.stringify({ username, password: 'wrong password' });
  const head = ['POST /auth/login HTTP/1.1', `Host: ${hostname}`, 'Content-Type: application/json'];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write([...head, `Content-Length: ${body.length}`, '', body].join('\r\n'));
      setTimeout(() => socket.destroy(), 20);
    });
    socket.on('close', () => resolve()).on('error', reject);
  });
}
