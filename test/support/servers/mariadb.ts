import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findBinary, identityOf } from './binaries.js';
import { freePort, serverFolder, startServer, type ThrowawayServer } from './throwaway-server.js';

const BINARY = { debian: 'mariadb-server', variable: 'TEST_MYSQL_URL' };

/** Starts a MariaDB server with an empty database. */
export async function startMariadb(): Promise<ThrowawayServer & { url: string }> {
  const daemon = findBinary({ ...BINARY, name: 'mariadbd' });
  const install = findBinary({ ...BINARY, name: 'mariadb-install-db' });
  const folder = serverFolder('mariadb');
  const data = join(folder, 'data');
  const user = identityOf('mysql') === '-' ? [] : ['--user=mysql'];
  const installing = [
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...user,
  ];
  execFileSync(install, installing, { stdio: 'pipe', cwd: folder });
  const port = await freePort();
  const command = [
    daemon,
    '--no-defaults',
    ...user,
    `--datadir=${data}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--socket=${join(folder, 'mariadb.sock')}`,
    `--pid-file=${join(folder, 'mariadb.pid')}`,
    '--innodb-flush-log-at-trx-commit=0',
    '--max-connections=200',
  ];
  const server = await startServer(folder, '-', port, command);
  return { ...server, url: `mysql://root@127.0.0.1:${port}/mysql` };
}
