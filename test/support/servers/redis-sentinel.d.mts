import type { RedisServer } from './redis-server.mjs';

/** A Redis watched by sentinels. `master` and `replica` are named by what they were at first. */
export interface RedisSentinelServers {
  readonly name: string;
  readonly master: RedisServer;
  readonly replica: RedisServer;
  readonly sentinels: readonly RedisServer[];
  /** As `createSentinel` of node-redis takes them. */
  readonly sentinelRootNodes: { host: string; port: number }[];
  /** Resolves when the replica has become the master, and every sentinel says so. */
  promoted(): Promise<void>;
  stop(): Promise<void>;
}

export function startRedisSentinel(options?: { settings?: string[] }): Promise<RedisSentinelServers>;
