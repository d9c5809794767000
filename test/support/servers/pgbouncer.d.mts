import type { ThrowawayServer } from './throwaway-server.mjs';

export declare function startPgBouncer(target: string, connections: number): Promise<ThrowawayServer>;
