import { startMariadb } from './mariadb.mjs';
import { startPostgres } from './postgres.mjs';
import { startRedis } from './redis.mjs';

/** Starts the servers the tests need and no variable names. They end with the tests, see `global-teardown.mjs`. */
export default async function startServers() {
  globalThis.throwawayServers = [];
  if (process.env.TEST_FAST) return;
  await provide('TEST_POSTGRES_URL', startPostgres);
  await provide('TEST_MYSQL_URL', startMariadb);
  await provide('TEST_REDIS_URL', startRedis);
}

/** Starts a server unless the variable names one; from then on the variable does. */
export async function provide(variable, start) {
  if (process.env[variable]) return;
  const server = await start();
  globalThis.throwawayServers.push(server);
  process.env[variable] = server.url;
}
