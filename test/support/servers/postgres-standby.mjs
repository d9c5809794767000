import { execFileSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findBinary, identityOf } from './binaries.mjs';
import { freePort, serverFolder, startServer } from './throwaway-server.mjs';

/**
 * Starts a standby of a PostgreSQL server that was started by `startPostgres`.
 *
 * @param {string} primary its URL
 */
export async function startStandby(primary) {
  const initdb = findBinary({ name: 'initdb', debian: 'postgresql' });
  const identity = identityOf('postgres');
  const folder = serverFolder('postgres');
  const data = join(folder, 'data');
  if (identity) chownSync(folder, identity.uid, identity.gid);
  const options = ['-d', primary, '-D', data, '--write-recovery-conf', '--checkpoint=fast', '--no-sync'];
  execFileSync(join(dirname(initdb), 'pg_basebackup'), options, { ...identity, cwd: folder, stdio: 'pipe' });
  const port = await freePort();
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'fsync=off'];
  // No fewer than the primary has, or it would not follow.
  const all = [...settings, 'max_connections=200'].flatMap((setting) => ['-c', setting]);
  const command = [join(dirname(initdb), 'postgres'), '-D', data, ...all];
  return startServer({ folder, port, command, url: `postgres://sessions@127.0.0.1:${port}/postgres`, identity });
}
