import { defineConfig, mergeConfig } from 'vitest/config';
import base from './vitest.config.mjs';

const { globalSetup: _servers, include: _all, ...test } = base.test;

/** The unit specs alone judge mutants: they need no server, and each loads little but what it tests. */
export default mergeConfig({ ...base, test }, defineConfig({ test: { include: ['test/unit/**/*.spec.ts'] } }));
