import { execFileSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { findBinary, identityOf } from './binaries.mjs';
import { freePort, serverFolder, startServer } from './throwaway-server.mjs';

/** What PostgreSQL says while it starts. */
const STARTING = '57P03';
const BINARY = { name: 'initdb', debian: 'postgresql', variable: 'TEST_POSTGRES_URL' };

/**
 * Starts a PostgreSQL server with an empty database.
 *
 * @param {string[]} settings further ones, as `name=value`
 */
export async function startPostgres(settings = []) {
  const initdb = findBinary(BINARY);
  const identity = identityOf('postgres');
  const folder = serverFolder('postgres');
  const data = join(folder, 'data');
  if (identity) chownSync(folder, identity.uid, identity.gid);
  const options = ['-D', data, '-U', 'sessions', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'];
  execFileSync(initdb, options, { ...identity, cwd: folder, stdio: 'pipe' });
  const port = await freePort();
  const all = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'max_connections=200',
    ...settings,
  ];
  const command = [join(dirname(initdb), 'postgres'), '-D', data, ...all.flatMap((setting) => ['-c', setting])];
  const url = `postgres://sessions@127.0.0.1:${port}/postgres`;
  return startServer({ folder, port, command, url, identity, isReady: () => isReady(url) });
}

/** It listens before it lets anybody in. */
async function isReady(connectionString) {
  const client = new pg.Client({ connectionString });
  try {
    await client.connect();
    return true;
  } catch (error) {
    return error.code !== STARTING;
  } finally {
    await client.end().catch(() => {});
  }
}
