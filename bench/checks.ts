import { BASELINES, CHECKS, TIMED } from './contenders/checks.js';
import { runSuite } from './suite.js';
import { readOptions } from './support/options.js';

await runSuite(
  { name: 'checks', contenders: CHECKS, baselines: BASELINES, timed: TIMED, drawn: [] },
  readOptions(process.argv.slice(2), process.env),
);
