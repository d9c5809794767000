import type { ThrowawayServer } from './throwaway-server.js';

/** Stops what `global-setup` started. */
export default async function stopServers(): Promise<void> {
  const { throwawayServers = [] } = globalThis as { throwawayServers?: ThrowawayServer[] };
  await Promise.all(throwawayServers.map((server) => server.stop()));
}
