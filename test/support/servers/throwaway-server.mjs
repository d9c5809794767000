import { spawn } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const KEEPER = fileURLToPath(new URL('keeper.mjs', import.meta.url));
const START_TRIES = 3_000;
const PAUSE = 20;

/** A folder a server of any user may live in. */
export function serverFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `sessions-${name}-`));
  chmodSync(folder, 0o777);
  return folder;
}

/** A port nobody listens on. */
export async function freePort() {
  const probe = createServer();
  await new Promise((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

/**
 * A port nobody listens on, and that is given to no connection while its server is away: those have higher ones.
 */
export async function lastingPort() {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 20_000);
    if (!(await listens(port))) return port;
  }
}

/**
 * Starts a program that listens on `port` and waits until it does, and until it is ready, where `isReady` tells that. It
 * ends with this process, however that ends.
 */
export async function startServer({ folder, port, command, url, identity, isReady = async () => true }) {
  const log = `${folder}.log`;
  const output = openSync(log, 'w');
  const as = identity ? `${identity.uid}:${identity.gid}` : '-';
  const keeper = spawn(process.execPath, [KEEPER, folder, as, ...command], {
    stdio: ['pipe', output, output, 'ipc'],
    detached: true,
  });
  closeSync(output);
  const ended = new Promise((done) => keeper.once('exit', done));
  const stop = async () => {
    keeper.stdin.end();
    await ended;
  };
  const started = async () => {
    if ((await becomes(() => listens(port), keeper)) && (await becomes(isReady, keeper))) return;
    const said = readFileSync(log, 'utf8').slice(-2_000);
    await stop();
    rmSync(log, { force: true });
    throw new Error(`${command[0]} did not start: ${said}`);
  };
  await started();
  return { url, port, stop, ...mistreatment(keeper, started) };
}

/** How a server dies, hangs and comes back. Each resolves once that has happened. */
function mistreatment(keeper, started) {
  const tell = (wish) =>
    new Promise((done, fail) => {
      keeper.once('message', done);
      keeper.send(wish, (error) => error && fail(error));
    });
  return {
    kill: () => tell('SIGKILL'),
    pause: () => tell('SIGSTOP'),
    resume: () => tell('SIGCONT'),
    start: async () => {
      await tell('start');
      await started();
    },
  };
}

async function becomes(state, keeper) {
  for (let tries = 0; tries < START_TRIES && keeper.exitCode === null; tries++) {
    if (await state()) return true;
    await new Promise((done) => setTimeout(done, PAUSE));
  }
  return false;
}

function listens(port) {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => done(false));
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
  });
}
