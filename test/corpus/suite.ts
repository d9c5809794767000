import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Adapter } from '../support/app.js';
import { algorithm } from './cases/algorithm.js';
import { bodies } from './cases/bodies.js';
import { claims } from './cases/claims.js';
import { cookieTransport } from './cases/cookies.js';
import { crossing } from './cases/crossing.js';
import { endpoint } from './cases/endpoint.js';
import { format } from './cases/format.js';
import { header } from './cases/header.js';
import { key } from './cases/key.js';
import { keyPairs } from './cases/key-pairs.js';
import { paths } from './cases/paths.js';
import { rotation } from './cases/rotation.js';
import { sessions } from './cases/sessions.js';
import { transport } from './cases/transport.js';
import type { Category } from './support/case.js';
import { forge } from './support/forge.js';
import { Runner } from './support/runner.js';
import { Scene } from './support/scene.js';
import { openTheatre, type Theatre } from './support/theatre.js';

/** What is wrong with a token: the same code decides on every adapter. */
const TOKENS: readonly Category[] = [algorithm, key, keyPairs, header, format, claims, crossing];
/** What is wrong with a request, which each adapter reads in its own way. */
const REQUESTS: readonly Category[] = [transport, cookieTransport, rotation, sessions, endpoint, paths, bodies];

/** The whole corpus. */
export const CATEGORIES: readonly Category[] = [...TOKENS, ...REQUESTS];

/** The corpus for a second adapter: `npm run test:fuzz` shoots all of it. */
export const FOR_ANOTHER_ADAPTER = process.env.FUZZ === 'long' ? CATEGORIES : REQUESTS;

/** Shoots the corpus at the apps of one adapter. */
export function corpusOn(adapter: Adapter, categories = CATEGORIES): void {
  describe(`the hostile corpus on ${adapter}`, () => {
    let theatre: Theatre;
    let runner: Runner;

    beforeAll(async () => {
      theatre = await openTheatre(adapter);
      runner = new Runner(theatre.stages);
    });
    afterEach(() => theatre.expectQuiet());
    afterAll(async () => {
      const { cases, requests, wrong } = runner;
      process.stdout.write(`      corpus on ${adapter}: ${cases} cases, ${requests} requests, ${wrong} wrong\n`);
      await theatre.close();
    });

    it('is forged by a hand that writes what the app writes', () => writesAsTheApp(theatre));
    for (const { name, cases } of categories) {
      describe(name, () => it.each(cases.map((one) => [one.title, one] as const))('%s', (_, one) => runner.run(one)));
    }
    it('leaves every app serving', () => theatre.expectServing());
    it('has no two cases of one name', () => expect(namesTwice()).toEqual([]));
  });
}

/** So that a forgery is refused for what was changed, and not for the forging. */
async function writesAsTheApp({ stages }: Theatre): Promise<void> {
  for (const stage of Object.values(stages)) {
    const scene = await Scene.open(stage);
    for (const kind of ['access', 'refresh'] as const) {
      const { header: own, claims: said, sign, good } = scene.specimen(kind);
      expect(forge(own, said, sign)).toBe(good);
    }
  }
}

function namesTwice(): string[] {
  return CATEGORIES.flatMap(({ cases }) => {
    const titles = cases.map(({ title }) => title);
    return titles.filter((title, index) => titles.indexOf(title) !== index);
  });
}
