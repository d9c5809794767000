import type { ThrowawayServer } from './throwaway-server.mjs';

/** What a test may want of a Redis server. */
export interface RedisServerOptions {
  /** Every write is on disk before it is answered. Without, `start` brings back what was saved last, or nothing. */
  persist?: boolean;
  /** The server to copy; the copy is complete when the replica has started. */
  replicaOf?: { port: number };
  /** Further lines of its configuration file, such as `maxmemory 2mb`. */
  settings?: string[];
}

/** A Redis server of a test's own, to be mistreated. */
export interface RedisServer extends ThrowawayServer {
  /** Sends one command by a connection of its own; rejects when the server is away, or hangs for seconds. */
  ask(...command: (string | number)[]): Promise<unknown>;
  flush(): Promise<unknown>;
  save(): Promise<unknown>;
}

export function startRedisServer(options?: RedisServerOptions): Promise<RedisServer>;
export function startConfigured(lines: string[], ...args: string[]): Promise<RedisServer>;
export function until(question: () => Promise<boolean>): Promise<void>;
