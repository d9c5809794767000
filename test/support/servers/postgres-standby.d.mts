import type { ThrowawayServer } from './throwaway-server.mjs';

export declare function startStandby(primary: string): Promise<ThrowawayServer>;
