// Runs one server and ends it with the process that asked for it, however that process ends: its standard input closes.
// Until then that process may have a signal sent to the server, or have it started again after SIGKILL, by a message.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

const [folder, uid, command, ...args] = process.argv.slice(2);
const identity = uid === '-' ? {} : { uid: Number(uid.split(':')[0]), gid: Number(uid.split(':')[1]) };
let server = start();
let killed = false;
let told = false;

process.stdin.resume();
process.stdin.on('close', () => {
  told = true;
  if (!running()) leave(0);
  server.kill('SIGQUIT');
  // A server that was paused notices no other signal.
  server.kill('SIGCONT');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
process.on('message', (wish) => {
  if (wish === 'start') server = running() ? server : start();
  else server.kill(wish);
  killed = wish === 'SIGKILL' && running();
  if (!killed) answer();
});

function start() {
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], cwd: folder, ...identity });
  child.on('exit', (code) => (killed && !told ? answer() : leave(code ?? 0)));
  return child;
}

function running() {
  return server.exitCode === null && server.signalCode === null;
}

function answer() {
  if (process.connected) process.send('done', () => {});
}

function leave(code) {
  rmSync(folder, { recursive: true, force: true });
  // A server that ended by itself said why.
  if (told) rmSync(`${folder}.log`, { force: true });
  process.exit(code);
}
