import { startMariadb } from '../../test/support/servers/mariadb.mjs';
import { startPostgres } from '../../test/support/servers/postgres.mjs';
import { startRedis } from '../../test/support/servers/redis.mjs';
import type { ThrowawayServer } from '../../test/support/servers/throwaway-server.mjs';

/** Servers a contender may need beside its own process. */
export type ServerKind = 'postgres' | 'mysql' | 'redis';
/** Where the servers in use are. */
export type ServerUrls = Partial<Record<ServerKind, string>>;

/** The variable that names a server to use instead of starting one. The helpers that create test databases read it too. */
const VARIABLES = { postgres: 'TEST_POSTGRES_URL', mysql: 'TEST_MYSQL_URL', redis: 'TEST_REDIS_URL' } as const;
const STARTERS: Record<ServerKind, () => Promise<ThrowawayServer>> = {
  // A commit waits for the disk, as in production.
  postgres: () => startPostgres(['fsync=on']),
  mysql: startMariadb,
  redis: startRedis,
};

/** The servers of a run; `stop` ends those that were started for it. */
export interface Servers {
  urls: ServerUrls;
  /** A note if a server was already running, on cores that the bench does not choose. */
  notes: string[];
  stop(): Promise<void>;
}

/** Starts every server that is needed and that no variable names. */
export async function startServers(kinds: ReadonlySet<ServerKind>): Promise<Servers> {
  const started: ThrowawayServer[] = [];
  const servers: Servers = { urls: {}, notes: [], stop: async () => void (await Promise.all(started.map(stop))) };
  for (const kind of kinds) {
    const variable = VARIABLES[kind];
    if (process.env[variable]) servers.notes.push(`${kind} is the one of ${variable}, on cores of its own choice`);
    else started.push(await start(kind));
    servers.urls[kind] = process.env[variable];
  }
  return servers;
}

async function start(kind: ServerKind): Promise<ThrowawayServer> {
  const server = await STARTERS[kind]();
  process.env[VARIABLES[kind]] = server.url;
  return server;
}

function stop(server: ThrowawayServer): Promise<void> {
  return server.stop();
}
