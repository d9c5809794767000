/** Starts a server unless the variable names one; from then on the variable does. Resolves to what was started. */
export async function provide(variable, start) {
  if (process.env[variable]) return undefined;
  const server = await start();
  process.env[variable] = server.url;
  return server;
}
