import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBinary, identityOf } from './binaries.mjs';
import { freePort, serverFolder, startServer } from './throwaway-server.mjs';

/**
 * Starts a PgBouncer that lends its connections for a transaction each, to whoever asks.
 *
 * @param {string} target the URL of a PostgreSQL server that trusts its clients
 * @param {number} connections how many it has to that server, for each database
 */
export async function startPgBouncer(target, connections) {
  const binary = findBinary({ name: 'pgbouncer', debian: 'pgbouncer' });
  const identity = identityOf('postgres');
  const folder = serverFolder('pgbouncer');
  if (identity) chownSync(folder, identity.uid, identity.gid);
  const [port, { hostname, port: targetPort, username, pathname }] = [await freePort(), new URL(target)];
  const settings = [
    '[databases]',
    `* = host=${hostname} port=${targetPort} user=${username}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    `default_pool_size = ${connections}`,
  ];
  writeFileSync(join(folder, 'pgbouncer.ini'), settings.join('\n'));
  const command = [binary, join(folder, 'pgbouncer.ini')];
  return startServer({ folder, port, command, url: `postgres://${username}@127.0.0.1:${port}${pathname}`, identity });
}
