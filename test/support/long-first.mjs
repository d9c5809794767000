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
    const named = (name) => tests.find(({ path }) => path.endsWith(name)) ?? [];
    const first = LONG.flatMap(named);
    return [...first, ...super.sort(tests).filter((test) => !first.includes(test))];
  }
}
