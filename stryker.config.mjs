/** Mutation tests of the parts that decide: tokens, guards, transport, revocation and sessions. */
export default {
  testRunner: 'vitest',
  // Only the specs that import a mutated file are loaded for it, and of those only the tests that reach the mutant run.
  vitest: { configFile: 'vitest.mutants.config.mjs' },
  coverageAnalysis: 'perTest',
  // What finished runs have loaded stays in memory: a fresh process takes over before that hurts.
  maxTestRunnerReuse: 40,
  concurrency: 2,
  mutate: [
    'src/tokens/**/*.ts',
    'src/http/*guard*.ts',
    'src/http/*strategy*.ts',
    'src/http/transport/**/*.ts',
    'src/revocation/**/*.ts',
    'src/sessions/**/*.ts',
  ],
  // swc checks no types, and so needs no `@ts-nocheck`.
  disableTypeChecks: false,
  // A busy machine is no endless loop.
  timeoutMS: 20_000,
  tempDirName: 'reports/.stryker',
  reporters: ['progress-append-only', 'clear-text', 'json', 'html'],
  clearTextReporter: { logTests: false, allowEmojis: false },
  jsonReporter: { fileName: 'reports/mutants.json' },
  htmlReporter: { fileName: 'reports/mutants.html' },
  thresholds: { high: 95, low: 90, break: 85 },
};
