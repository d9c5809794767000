import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { cachedInstall, npm } from '../cached-install.js';
import { folderOfNode, NODES } from '../nodes.js';
import { PackedLibrary } from '../packed-library.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The path of the packed library. */
    tarball: string;
    /** The folder with the packages of an app of Nest 11. */
    nest11: string;
  }
}

const library = new PackedLibrary();

/** Packs the library, and installs each Node and Nest 11, once for all specs. */
export async function setup(project: TestProject): Promise<void> {
  const [tarball, nest11] = await Promise.all([library.pack(), installNest11(), ...NODES.map(folderOfNode)]);
  project.provide('tarball', tarball);
  project.provide('nest11', nest11);
}

/** Removes what was packed; what was installed stays for the next run. */
export function teardown(): void {
  library.remove();
}

async function installNest11(): Promise<string> {
  const from = 'test/outside/nest-11';
  const lock = readFileSync(join(from, 'package-lock.json'));
  const folder = await cachedInstall(`nest-11-${createHash('sha256').update(lock).digest('hex')}`, async (empty) => {
    for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(from, file), join(empty, file));
    await npm(empty, 'ci');
  });
  return join(folder, 'node_modules');
}
