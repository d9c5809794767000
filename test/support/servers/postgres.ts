import { execFileSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findBinary, identityOf } from './binaries.js';
import { freePort, serverFolder, startServer, type ThrowawayServer } from './throwaway-server.js';

const BINARY = { name: 'initdb', debian: 'postgresql', variable: 'TEST_POSTGRES_URL' };

/** Starts a PostgreSQL server with an empty database. */
export async function startPostgres(): Promise<ThrowawayServer & { url: string }> {
  const initdb = findBinary(BINARY);
  const identity = identityOf('postgres');
  const folder = serverFolder('postgres');
  const data = join(folder, 'data');
  const [uid, gid] = identity.split(':').map(Number);
  const as = identity === '-' ? {} : { uid, gid };
  if (uid !== undefined && gid !== undefined && identity !== '-') chownSync(folder, uid, gid);
  execFileSync(initdb, ['-D', data, '-U', 'sessions', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...as,
    cwd: folder,
    stdio: 'pipe',
  });
  const port = await freePort();
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'max_connections=200',
  ];
  const command = [join(dirname(initdb), 'postgres'), '-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  const server = await startServer(folder, identity, port, command);
  return { ...server, url: `postgres://sessions@127.0.0.1:${port}/postgres` };
}
