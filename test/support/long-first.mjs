import TestSequencer from '@jest/test-sequencer';

/** What takes longest, measured on two cores. */
const LONG = [
  'browser/browser',
  'examples/reference-app',
  'races/history',
  'examples/rate-limits',
  'races/copies',
  'storage/revocation-media',
  'races/rollover',
  'faults/servers',
  'races/durability',
  'storage/cutoff-column',
  'races/live',
].map((name) => `/test/${name}.spec.ts`);

/** Starts with the longest files: on a fresh machine Jest knows no times, and one of them would run alone at the end. */
export default class LongFirst extends TestSequencer {
  sort(tests) {
    const rank = ({ path }) => LONG.findIndex((name) => path.endsWith(name)) >>> 0;
    return super.sort(tests).sort((one, other) => rank(one) - rank(other));
  }
}
