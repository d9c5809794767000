import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A server started for the tests, gone with them. */
export interface ThrowawayServer {
  port: number;
  stop(): Promise<void>;
}

/** A folder a server of any user may live in. */
export function serverFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `sessions-${name}-`));
  chmodSync(folder, 0o777);
  return folder;
}

/** A port nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port to be had');
  return address.port;
}

/** Starts a program that listens on `port` and waits until it does. It ends with this process, however that ends. */
export async function startServer(
  folder: string,
  identity: string,
  port: number,
  command: string[],
): Promise<ThrowawayServer> {
  const log = `${folder}.log`;
  const output = openSync(log, 'w');
  const keeper = spawn(process.execPath, [resolve('test/support/servers/keeper.mjs'), folder, identity, ...command], {
    stdio: ['pipe', output, output],
    detached: true,
  });
  closeSync(output);
  const ended = new Promise<void>((done) => keeper.once('exit', () => done()));
  await untilListening(port, keeper, log);
  return {
    port,
    stop: async () => {
      keeper.stdin?.end();
      await ended;
      rmSync(log, { force: true });
    },
  };
}

async function untilListening(port: number, keeper: ChildProcess, log: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (keeper.exitCode !== null) break;
    if (await listens(port)) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  keeper.stdin?.end();
  throw new Error(`${keeper.spawnargs.slice(4, 5)} did not start: ${readFileSync(log, 'utf8').slice(-2_000)}`);
}

function listens(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => done(true)).once('error', () => done(false));
    socket.once('connect', () => socket.destroy());
  });
}
