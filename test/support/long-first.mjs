import TestSequencer from '@jest/test-sequencer';

/** What takes longest, measured on two cores. */
const LONG = [
  'browser/browser',
  'examples/reference-app',
  'storage/cutoff-column',
  'examples/rate-limits',
  'storage/revocation-media',
  'races/copies',
  'faults/servers',
  'races/history',
  'storage/servers',
  'races/rollover',
  'races/durability',
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
