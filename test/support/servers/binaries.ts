import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A server program, the Debian package it comes from, and the variable that makes it unnecessary. */
export interface Binary {
  name: string;
  debian: string;
  variable: string;
}

/** The path of a program: on this machine, or installed where that can be done. Throws a sentence that says what is missing. */
export function findBinary(binary: Binary): string {
  return locate(binary.name) ?? install(binary);
}

function locate(name: string): string | undefined {
  const debianPostgres = '/usr/lib/postgresql';
  const versions = existsSync(debianPostgres) ? readdirSync(debianPostgres).sort().reverse() : [];
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    ...versions.map((version) => join(debianPostgres, version, 'bin')),
  ];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

function install({ name, debian, variable }: Binary): string {
  const canInstall = process.getuid?.() === 0 && existsSync('/etc/debian_version');
  if (canInstall) {
    const options = { stdio: 'pipe', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
    spawnSync('apt-get', ['update'], options);
    spawnSync(
      'apt-get',
      ['-o', 'DPkg::Lock::Timeout=300', 'install', '-y', '--no-install-recommends', debian],
      options,
    );
  }
  const found = locate(name);
  if (found) return found;
  throw new Error(
    `The tests need the program ${name}, and it is not on this machine. ` +
      `Install the package ${debian}, or set ${variable} to the URL of a server that may be written to.`,
  );
}

/** The user a server runs as that refuses to be root: `uid:gid`, or `-` where the tests do not run as root. */
export function identityOf(user: string): string {
  if (process.getuid?.() !== 0) return '-';
  const [uid, gid] = ['-u', '-g'].map((flag) => execFileSync('id', [flag, user], { encoding: 'utf8' }).trim());
  return `${uid}:${gid}`;
}
