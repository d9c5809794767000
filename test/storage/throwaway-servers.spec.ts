import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';

const SERVERS = resolve('test/support/servers');

/** Runs a module in a process of its own; `last` is the last line it wrote. */
function run(code: string, environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: SERVERS,
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = new Promise<string>((done) => createInterface(child.stdout).once('line', done));
  return { child, line };
}

/** Asks until the answer is yes, or it was asked often enough. */
async function until(question: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 200; tries++) {
    if (await question()) return true;
    await new Promise((done) => setTimeout(done, 50));
  }
  return false;
}

function listens(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => done(false));
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
  });
}

describe('a server started for the tests', () => {
  it('ends with the process that started it, however that ends, and leaves no folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'throwaway-'));
    const start = `import { startRedis } from '${SERVERS}/redis.mjs';
      console.log((await startRedis()).port);
      setInterval(() => {}, 1000);`;
    const { child, line } = run(start, { TMPDIR: folder });
    const port = Number(await line);
    expect(await until(() => listens(port))).toBe(true);
    expect(readdirSync(folder)).not.toEqual([]);
    child.kill('SIGKILL');
    expect(await until(async () => !(await listens(port)))).toBe(true);
    expect(await until(async () => readdirSync(folder).length === 0)).toBe(true);
    rmSync(folder, { recursive: true });
  });

  it('that does not start says why', async () => {
    const start = `import { freePort, serverFolder, startServer } from '${SERVERS}/throwaway-server.mjs';
      const command = ['/bin/sh', '-c', 'echo no room on this disk; exit 1'];
      await startServer({ folder: serverFolder('none'), port: await freePort(), command }).catch(({ message }) => {
        console.log(message);
      });`;
    expect(await run(start).line).toBe('/bin/sh did not start: no room on this disk');
  });

  it('is not started where a variable names one', async () => {
    const provide = `import { provide } from '${SERVERS}/provide.mjs';
      await provide('TEST_POSTGRES_URL', () => { throw new Error('started'); });
      console.log(process.env.TEST_POSTGRES_URL);`;
    const { line } = run(provide, { TEST_POSTGRES_URL: 'postgres://named' });
    expect(await line).toBe('postgres://named');
  });

  it('says which package is missing and which variable would do instead', async () => {
    const find = `import { findBinary } from '${SERVERS}/binaries.mjs';
      process.getuid = () => 1000;
      try { findBinary({ name: 'such-a-server', debian: 'such-a-package', variable: 'TEST_SUCH_URL' }); }
      catch (error) { console.log(error.message); }`;
    expect(await run(find).line).toBe(
      'The tests need the program such-a-server, and it is not on this machine. Install the package such-a-package, ' +
        'or set TEST_SUCH_URL to the URL of a server that may be written to.',
    );
  });
});
