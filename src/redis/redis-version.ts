import { onEveryMaster } from './redis-client.js';
import type { RedisLink } from './redis-link.js';

const OLDEST = 7;

/** Throws if a server is older than Redis 7: it would replicate scripts to the servers that take over from it. */
export async function refuseOldServers(link: RedisLink): Promise<void> {
  const answers = await link.ask((client) => onEveryMaster(client, ['INFO', 'server']));
  for (const answer of answers) {
    const version = /redis_version:(\S+)/.exec(String(answer))?.[1] ?? 'of an unknown version';
    if (Number.parseInt(version, 10) >= OLDEST) continue;
    throw new Error(
      `Copies of sessions need Redis ${OLDEST} or later, or Valkey, but the server is ${version}. Upgrade it.`,
    );
  }
}
