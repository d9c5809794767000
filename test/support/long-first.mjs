import { BaseSequencer } from 'vitest/node';

/** What takes longest, measured on two cores. */
const LONG = [
  'browser/browser',
  'storage/cutoff-column',
  'storage/revocation-media',
  'races/copies',
  'faults/servers',
  'races/history',
  'storage/servers',
  'races/rollover',
  'races/durability',
  'races/live',
].map((name) => `/test/${name}.spec.ts`);

/** Starts with the longest files: on a fresh machine nobody knows their times, and one of them would run alone at the end. */
export class LongFirst extends BaseSequencer {
  async sort(specs) {
    const named = (name) => specs.find(({ moduleId }) => moduleId.endsWith(name)) ?? [];
    const first = LONG.flatMap(named);
    return [...first, ...(await super.sort(specs)).filter((spec) => !first.includes(spec))];
  }
}
