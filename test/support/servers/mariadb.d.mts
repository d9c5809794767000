import type { ThrowawayServer } from './throwaway-server.mjs';

export function startMariadb(): Promise<ThrowawayServer>;
