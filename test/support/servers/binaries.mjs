import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The path of a program: on this machine, or installed where that can be done. Throws a sentence that says what is
 * missing.
 *
 * @param {{ name: string, debian: string, variable?: string }} binary a program, the Debian package it comes from, and
 *   the variable that makes it unnecessary, where there is one
 * @returns {string}
 */
export function findBinary(binary) {
  return locate(binary.name) ?? install(binary);
}

function locate(name) {
  const debianPostgres = '/usr/lib/postgresql';
  const versions = existsSync(debianPostgres) ? readdirSync(debianPostgres).sort().reverse() : [];
  const folders = [
    ...versions.map((version) => join(debianPostgres, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
  ];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

function install({ name, debian, variable }) {
  const canInstall = process.getuid?.() === 0 && existsSync('/etc/debian_version');
  if (canInstall) {
    const options = { stdio: 'pipe', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    spawnSync('apt-get', ['update'], options);
    spawnSync(
      'apt-get',
      ['-o', 'DPkg::Lock::Timeout=300', 'install', '-y', '--no-install-recommends', debian],
      options,
    );
  }
  const found = locate(name);
  if (found) return found;
  const instead = variable ? `, or set ${variable} to the URL of a server that may be written to` : '';
  throw new Error(
    `The tests need the program ${name}, and it is not on this machine. Install the package ${debian}${instead}.`,
  );
}

/**
 * The user a server runs as that refuses to be root, or undefined where the tests do not run as root.
 *
 * @param {string} user
 * @returns {{ uid: number, gid: number } | undefined}
 */
export function identityOf(user) {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' })));
  return { uid, gid };
}
