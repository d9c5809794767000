/** Jest runs the sources as ES modules: Nest 12 ships nothing else. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  globalSetup: '<rootDir>/test/support/setup/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/setup/global-teardown.mjs',
  testSequencer: '<rootDir>/test/support/long-first.mjs',
  testMatch: ['**/*.spec.ts'],
  // Not a judgement of speed: the machine may be busy.
  testTimeout: 60_000,
  // Much of the time is spent waiting, for servers and processes that are busy themselves: on two cores, too.
  maxWorkers: 2,
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^nestjs-session-registry$': '<rootDir>/src/index.ts',
    '^nestjs-session-registry/client$': '<rootDir>/src/client.ts',
    '^nestjs-session-registry/redis$': '<rootDir>/src/redis.ts',
    '^nestjs-session-registry/testing$': '<rootDir>/src/testing.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
};
