import base from './jest.config.js';

const { globalSetup: _setup, globalTeardown: _teardown, ...config } = base;

/** The unit specs alone judge mutants: they need no server, and each loads little but what it tests. */
export default { ...config, testMatch: ['<rootDir>/test/unit/**/*.spec.ts'] };
