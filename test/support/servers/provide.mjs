/** Starts a server unless the variable names one; from then on the variable does. */
export async function provide(variable, start) {
  if (process.env[variable]) return;
  const server = await start();
  globalThis.throwawayServers.push(server);
  process.env[variable] = server.url;
}
