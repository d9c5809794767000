import type { ThrowawayServer } from './throwaway-server.mjs';

export function startRedis(): Promise<ThrowawayServer>;
