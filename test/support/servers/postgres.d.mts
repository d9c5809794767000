import type { ThrowawayServer } from './throwaway-server.mjs';

export function startPostgres(settings?: readonly string[]): Promise<ThrowawayServer>;
