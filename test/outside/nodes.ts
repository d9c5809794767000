import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedInstall, npm } from './cached-install.js';

/** The Nodes that apps are run on: the oldest that the library supports, and each line after it. */
export const NODES = ['20.19.0', '22.23.3', '24.21.0'] as const;

/** A Node that apps are run on. */
export type NodeVersion = (typeof NODES)[number];

/** The oldest one has no SQLite. */
export const NODES_WITH_SQLITE = NODES.slice(1);

/** The folder with the program `node` of this version, which npm installs the first time. */
export async function folderOfNode(version: NodeVersion): Promise<string> {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = await cachedInstall(`${name}-${version}`, async (empty) => {
    // Not among the packages of the project: its program would take the place of Node in every script of npm.
    writeFileSync(join(empty, 'package.json'), '{ "private": true }');
    await npm(empty, 'install', '--no-save', `${name}@${version}`);
  });
  return join(folder, 'node_modules', name, 'bin');
}
