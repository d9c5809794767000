import { BASELINES, CHECKS, TIMED } from './contenders/checks.js';
import { readOptions } from './options.js';
import { runSuite } from './suite.js';

await runSuite(
  { name: 'checks', contenders: CHECKS, baselines: BASELINES, timed: TIMED, drawn: [] },
  readOptions(process.argv.slice(2), process.env),
);
