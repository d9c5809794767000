import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';
import { defineConfig } from 'vitest/config';
import { LIBRARY, OPTIONS } from './test/support/process/sources.mjs';
import { LongFirst } from './test/support/long-first.mjs';

/** Compiles the sources as their own processes do: with the types of constructors, by which Nest injects. */
const sources = {
  name: 'sources',
  enforce: 'pre',
  transform(code, id) {
    const [filename] = id.split('?');
    if (!filename.endsWith('.ts') || filename.includes('node_modules')) return undefined;
    return transform(code, { ...OPTIONS, sourceMaps: true, filename });
  },
};

/** The packed library in apps outside, which takes minutes: `npm run test:apps`. */
const APPS = 'test/outside/**';
/** They try the benches and servers that tests use, in many processes: `npm run test:tools`. */
const TOOLS = [
  ...['test/bench/checks.spec.ts', 'test/bench/delay.spec.ts'],
  ...['test/storage/redis-servers.spec.ts', 'test/storage/throwaway-servers.spec.ts'],
];

/** The reference app, in processes of its own: `npm run test:reference`. */
const REFERENCE = ['test/examples/**'];

/** The sources are ES modules, as Nest 12 is. */
export default defineConfig({
  oxc: false,
  plugins: [sources],
  resolve: {
    alias: Object.entries(LIBRARY).map(([name, url]) => ({
      find: new RegExp(`^${name}$`),
      replacement: fileURLToPath(url),
    })),
  },
  test: {
    include: ['test/**/*.spec.ts'],
    exclude: [APPS, ...(process.env.TOOLS ? [] : TOOLS), ...(process.env.EXAMPLES ? [] : REFERENCE)],
    globalSetup: ['test/support/setup/servers.mjs'],
    setupFiles: ['test/support/setup/after-each-file.ts'],
    sequence: { sequencer: LongFirst },
    // Not a judgement of speed: the machine may be busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // To load Nest and TypeORM takes longer than most files run: the files of a worker share them.
    pool: 'forks',
    isolate: false,
    // Much of the time is spent waiting, for servers and processes that are busy themselves: on two cores, too.
    maxWorkers: 3,
    teardownTimeout: 30_000,
  },
});
