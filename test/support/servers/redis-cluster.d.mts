import type { RedisServer } from './redis-server.mjs';

/** A Redis Cluster of a test's own. A replica belongs to the master of the same place. */
export interface RedisClusterServers {
  readonly masters: readonly RedisServer[];
  readonly replicas: readonly RedisServer[];
  /** As `createCluster` of node-redis takes them. */
  readonly rootNodes: { url: string }[];
  /** Resolves when every node takes the cluster for whole, also after one was away. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

export function startRedisCluster(
  masters?: number,
  options?: { replicasEach?: number; settings?: string[] },
): Promise<RedisClusterServers>;
