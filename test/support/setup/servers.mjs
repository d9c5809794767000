import { buildPrograms } from '../process/programs.mjs';
import { startMariadb } from '../servers/mariadb.mjs';
import { startPostgres } from '../servers/postgres.mjs';
import { provide } from '../servers/provide.mjs';
import { startRedis } from '../servers/redis.mjs';

/**
 * Starts the servers the tests need and no variable names, and puts together what the tests run in processes of their own.
 * Resolves to what stops the servers.
 */
export default async function startServers() {
  if (process.env.TEST_FAST) return undefined;
  const servers = [
    provide('TEST_POSTGRES_URL', startPostgres),
    provide('TEST_MYSQL_URL', startMariadb),
    provide('TEST_REDIS_URL', startRedis),
  ];
  const [, ...started] = await Promise.all([buildPrograms(), ...servers]);
  return () => Promise.all(started.map((server) => server?.stop()));
}
