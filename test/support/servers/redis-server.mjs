import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from 'redis';
import { findBinary } from './binaries.mjs';
import { lastingPort, serverFolder, startServer } from './throwaway-server.mjs';

const BINARY = { name: 'redis-server', debian: 'redis-server' };
/** Nothing is saved by itself, and a replica is told everything at once. */
const STORAGE = ['save ""', 'repl-diskless-sync-delay 0'];
const PERSISTENT = ['appendonly yes', 'appendfsync always'];
const PAUSE = 50;
const PATIENCE = 30_000;
const ANSWER = 5_000;

/** Starts an empty Redis server that can be mistreated. */
export async function startRedisServer({ persist = false, replicaOf, settings = [] } = {}) {
  const role = replicaOf ? [`replicaof 127.0.0.1 ${replicaOf.port}`] : [];
  const server = await startConfigured([...STORAGE, ...(persist ? PERSISTENT : []), ...role, ...settings]);
  if (replicaOf) await until(async () => (await server.ask('INFO', 'replication')).includes('master_link_status:up'));
  return server;
}

/** Starts Redis with the lines of a configuration file, which it may rewrite, and with further arguments. */
export async function startConfigured(lines, ...args) {
  const folder = serverFolder('redis');
  const port = await lastingPort();
  const file = join(folder, 'redis.conf');
  const address = [`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`];
  writeFileSync(file, [...address, ...lines, ''].join('\n'));
  const command = [findBinary(BINARY), file, ...args];
  const server = await startServer({ folder, port, command, url: `redis://127.0.0.1:${port}` });
  const ask = (...words) => askOnce(server.url, words);
  return { ...server, ask, flush: () => ask('FLUSHALL'), save: () => ask('SAVE') };
}

/** Waits until the answer is yes, whatever faults there are on the way. */
export async function until(question) {
  const end = Date.now() + PATIENCE;
  while (!(await question().catch(() => false))) {
    if (Date.now() > end) throw new Error(`Redis did not get there: ${question}`);
    await new Promise((done) => setTimeout(done, PAUSE));
  }
}

async function askOnce(url, words) {
  const client = createClient({ url, socket: { reconnectStrategy: false }, RESP: 2 }).on('error', () => {});
  const answer = async () => {
    await client.connect();
    return client.sendCommand(words.map(String));
  };
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(fail, ANSWER, new Error(`Redis did not answer ${words[0]}`));
  });
  try {
    return await Promise.race([answer(), late]);
  } finally {
    clearTimeout(timer);
    if (client.isOpen) client.destroy();
  }
}
