import { buildPrograms } from '../process/programs.mjs';
import { startMariadb } from './mariadb.mjs';
import { startPostgres } from './postgres.mjs';
import { startRedis } from './redis.mjs';

/**
 * Starts the servers the tests need and no variable names, which end with the tests, see `global-teardown.mjs`; and puts
 * together what the tests run in processes of their own.
 */
export default async function startServers() {
  globalThis.throwawayServers = [];
  if (process.env.TEST_FAST) return;
  await Promise.all([
    buildPrograms(),
    provide('TEST_POSTGRES_URL', startPostgres),
    provide('TEST_MYSQL_URL', startMariadb),
    provide('TEST_REDIS_URL', startRedis),
  ]);
}

/** Starts a server unless the variable names one; from then on the variable does. */
export async function provide(variable, start) {
  if (process.env[variable]) return;
  const server = await start();
  globalThis.throwawayServers.push(server);
  process.env[variable] = server.url;
}
