import { BASELINES } from './contenders/checks.js';
import { PEERS } from './contenders/peers.js';
import { DRAWN } from './report/drawn.js';
import { runSuite } from './suite.js';
import { readOptions } from './support/options.js';

await runSuite(
  { name: 'bench', contenders: PEERS, baselines: BASELINES, timed: [], drawn: DRAWN },
  readOptions(process.argv.slice(2), process.env),
);
