import { buildPrograms } from '../process/programs.mjs';
import { startMariadb } from '../servers/mariadb.mjs';
import { startPostgres } from '../servers/postgres.mjs';
import { provide } from '../servers/provide.mjs';
import { startRedis } from '../servers/redis.mjs';

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
