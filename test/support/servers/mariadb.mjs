import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findBinary, identityOf } from './binaries.mjs';
import { freePort, serverFolder, startServer } from './throwaway-server.mjs';

const BINARY = { debian: 'mariadb-server', variable: 'TEST_MYSQL_URL' };

/** Starts a MariaDB server with an empty database. */
export async function startMariadb() {
  const daemon = findBinary({ ...BINARY, name: 'mariadbd' });
  const install = findBinary({ ...BINARY, name: 'mariadb-install-db' });
  const user = identityOf('mysql') ? ['--user=mysql'] : [];
  const folder = serverFolder('mariadb');
  const data = join(folder, 'data');
  const options = [`--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db', ...user];
  execFileSync(install, ['--no-defaults', ...options], { cwd: folder, stdio: 'pipe' });
  const port = await freePort();
  const command = [
    ...[daemon, '--no-defaults', ...user, `--datadir=${data}`, `--port=${port}`, '--bind-address=127.0.0.1'],
    ...[`--socket=${join(folder, 'mariadb.sock')}`, `--pid-file=${join(folder, 'mariadb.pid')}`],
    // Nothing here outlives the machine; a table is made in half the time.
    ...[
      '--innodb-flush-log-at-trx-commit=2',
      '--innodb-flush-method=nosync',
      '--skip-innodb-doublewrite',
      '--sync-frm=0',
    ],
    '--max-connections=200',
  ];
  const url = `mysql://root@127.0.0.1:${port}/mysql`;
  return startServer({ folder, port, command, url });
}
