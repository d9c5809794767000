import { startMariadb } from './mariadb.js';
import { startPostgres } from './postgres.js';
import type { ThrowawayServer } from './throwaway-server.js';

const started: ThrowawayServer[] = [];

/** Starts the servers the tests need and no variable names. They end with the tests, see `global-teardown`. */
export default async function startServers(): Promise<void> {
  if (process.env.TEST_FAST) return;
  process.env.TEST_POSTGRES_URL ??= await keep(startPostgres());
  process.env.TEST_MYSQL_URL ??= await keep(startMariadb());
  Object.assign(globalThis, { throwawayServers: started });
}

async function keep(starting: Promise<ThrowawayServer & { url: string }>): Promise<string> {
  const server = await starting;
  started.push(server);
  return server.url;
}
