// Runs one server and ends it with the process that asked for it, however that process ends: its standard input closes.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

const [folder, uid, command, ...args] = process.argv.slice(2);
const identity = uid === '-' ? {} : { uid: Number(uid.split(':')[0]), gid: Number(uid.split(':')[1]) };
const server = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], cwd: folder, ...identity });
let told = false;

process.stdin.resume();
process.stdin.on('close', () => {
  told = true;
  server.kill('SIGQUIT');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
server.on('exit', (code) => {
  rmSync(folder, { recursive: true, force: true });
  // A server that ended by itself said why.
  if (told) rmSync(`${folder}.log`, { force: true });
  process.exit(code ?? 0);
});
