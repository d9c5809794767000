import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The Node that is installed for the tests of `node:sqlite` where they run on an older one. */
const VERSION = '22.23.3';
const FOLDER = resolve('node_modules/.cache/newer-node');

/** Whether this Node has `node:sqlite` as the library needs it. */
export const isNewer = !/^(?:[0-9]|1[0-9]|2[01])\.|^22\.(?:[0-9]|1[0-5])\.|^23\./.test(process.versions.node);

/** The path of a Node that has `node:sqlite`: this one, or one from npm. Throws if that cannot be installed. */
export function newerNode(): string {
  if (isNewer) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  const path = join(FOLDER, 'node_modules', name, 'bin/node');
  if (!existsSync(path)) install(`${name}@${VERSION}`);
  return path;
}

/** Not among the packages of the project: its program would take the place of Node in every script of npm. */
function install(name: string): void {
  const quietly = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
  execFileSync('npm', ['install', '--prefix', FOLDER, ...quietly, name], { stdio: 'pipe' });
}
