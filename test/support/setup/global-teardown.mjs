/** Stops what `global-setup.mjs` started. */
export default async function stopServers() {
  await Promise.all(globalThis.throwawayServers.map((server) => server.stop()));
}
