import type { Duration, RevocationOptions } from 'nestjs-session-registry';
import { SessionRedis } from 'nestjs-session-registry/redis';
import { createCluster, createSentinel } from 'redis';

/** Where a process finds Redis, and what it uses it for; as JSON carries it. */
export interface ProcessRedis {
  at:
    | { url: string; timeout?: Duration }
    | { rootNodes: { url: string }[] }
    | { name: string; sentinelRootNodes: { host: string; port: number }[] };
  uses: readonly ('hotCopy' | 'denylist' | 'nearCopy')[];
}

/** The options of a process that uses Redis. */
export function revocationOver({ at, uses }: ProcessRedis): RevocationOptions {
  const redis = sessionRedisAt(at);
  return {
    ...(uses.includes('hotCopy') && { hotCopy: redis }),
    ...(uses.includes('denylist') && { denylist: redis }),
    ...(uses.includes('nearCopy') && { nearCopy: { over: redis } }),
  };
}

/** Redis for sessions, whatever it is made of. */
export function sessionRedisAt(at: ProcessRedis['at']): SessionRedis {
  if ('url' in at) return new SessionRedis(at);
  // Every node is on this machine; connections must not wait for long for one that is away.
  const socket = { connectTimeout: 500 };
  if ('rootNodes' in at) return new SessionRedis({ client: createCluster({ ...at, defaults: { socket } }) });
  const settings = { ...at, scanInterval: 500, nodeClientOptions: { socket }, sentinelClientOptions: { socket } };
  return new SessionRedis({ client: createSentinel(settings) });
}
