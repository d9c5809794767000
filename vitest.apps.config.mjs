import { defineConfig, mergeConfig } from 'vitest/config';
import base from './vitest.config.mjs';

const { include: _include, exclude: _exclude, maxWorkers: _workers, ...test } = base.test;

/** The packed library in apps outside of this repository. What they need is packed and installed first, once for all. */
export default mergeConfig(
  { ...base, test },
  defineConfig({
    test: {
      include: ['test/outside/*.spec.ts'],
      globalSetup: ['test/outside/setup/packages.ts'],
      // Each test waits for programs that take a core.
      maxWorkers: 2,
      testTimeout: 240_000,
      hookTimeout: 240_000,
    },
  }),
);
