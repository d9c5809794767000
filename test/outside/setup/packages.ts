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
    /** The path of its packed browser side. */
    browserTarball: string;
    /** The folder with the packages of an app of Nest 11. */
    nest11: string;
    /** The folder with the packages of an app with Prisma. */
    prisma: string;
  }
}

const library = new PackedLibrary();

/** Packs the library, and installs each Node, Nest 11 and Prisma, once for all specs. */
export async function setup(project: TestProject): Promise<void> {
  const installed = [library.pack(), install('nest-11'), install('prisma')] as const;
  const [packed, nest11, prisma] = await Promise.all([...installed, ...NODES.map(folderOfNode)]);
  project.provide('tarball', packed.library);
  project.provide('browserTarball', packed.browser);
  project.provide('nest11', nest11);
  project.provide('prisma', prisma);
}

/** Removes what was packed; what was installed stays for the next run. */
export function teardown(): void {
  library.remove();
}

/** The packages of an app, by the lock in the folder of that name. */
async function install(name: string): Promise<string> {
  const from = join('test/outside', name);
  const lock = readFileSync(join(from, 'package-lock.json'));
  const folder = await cachedInstall(`${name}-${createHash('sha256').update(lock).digest('hex')}`, async (empty) => {
    for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(from, file), join(empty, file));
    await npm(empty, 'ci');
  });
  return join(folder, 'node_modules');
}
