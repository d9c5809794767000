import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc, { type Arbitrary } from 'fast-check';
import { ADAPTERS } from '../support/app.js';
import { cookies, headers, tokens } from './fuzz/credentials.js';
import { Range, type Shot } from './fuzz/range.js';
import { addresses, bodies, guids, queries, streams } from './fuzz/requests.js';
import { ACCESS } from '../support/browser.js';
import { bearer, getProfile } from './support/request.js';
import { ask } from './support/wire.js';

const LONG = process.env.FUZZ === 'long';
/** Inputs per adapter. */
const INPUTS = LONG ? 100_000 : 1_500;
/** Set it to the seed of a run that failed, to see the same inputs again. */
const SEED = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const VOLLEY = 12;
const WARM_UP = 30;
const PATIENCE = LONG ? 1_800_000 : 120_000;

/** What is fuzzed, and its share of the inputs. */
const AREAS: readonly (readonly [name: string, shots: (range: Range) => Arbitrary<Shot>, share: number])[] = [
  ['tokens', tokens, 0.4],
  ['Authorization headers', headers, 0.12],
  ['Cookie headers', cookies, 0.12],
  ['bodies', bodies, 0.16],
  ['queries', queries, 0.06],
  ['guids', guids, 0.04],
  ['addresses', addresses, 0.06],
  ['streams of bytes', streams, 0.04],
];

describe.each(ADAPTERS)('fuzzing on %s', (adapter) => {
  let range: Range;
  let before: unknown[];
  let wrong = 0;

  beforeAll(async () => {
    range = await Range.open(adapter);
    before = range.rows();
    for (const [, shots] of AREAS) await range.fire(fc.sample(shots(range), { seed: SEED, numRuns: WARM_UP }));
    range.weigh();
  });
  afterAll(async () => {
    const found = `${wrong} areas wrong, heap +${range.growth()} MB`;
    process.stdout.write(`      fuzzing on ${adapter}: ${range.shots} inputs, seed ${SEED}, ${found}\n`);
    await range.close();
  });

  it('begins with tokens that are let in', () => expectGood(range));

  it.each(AREAS)(
    'lets nothing in by %s',
    async (_, shots, share) => {
      const volley = fc.array(shots(range), { minLength: VOLLEY, maxLength: VOLLEY });
      const numRuns = Math.ceil((INPUTS * share) / VOLLEY);
      const property = fc.asyncProperty(volley, (all) => range.fire(all));
      wrong += 1;
      await fc.assert(property, { seed: SEED, numRuns });
      wrong -= 1;
    },
    PATIENCE,
  );

  it('ends with the same sessions, nothing sent, and the memory it had', () => range.expectUnharmed(before), PATIENCE);
  it('ends with tokens that are let in', () => expectGood(range));
});

async function expectGood({ victims, theatre, thief }: Range): Promise<void> {
  const { bearer: one, cookie: other } = victims;
  const { bearer: stage, cookie } = theatre.stages;
  for (const { pair } of [one, thief]) {
    expect((await ask(stage.port, getProfile(bearer(pair.access_token)))).status).toBe(200);
  }
  expect((await ask(cookie.port, getProfile(`Cookie: ${ACCESS}=${other.pair.access_token}`))).status).toBe(200);
}
