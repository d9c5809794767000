import { randomBytes, randomUUID } from 'node:crypto';
import { DAY, SECOND } from '../../support/times.js';
import { badGrant, badToken, type Case, type Category } from '../support/case.js';
import { always, encode, hmac } from '../support/forge.js';
import { bearer, getProfile } from '../support/request.js';
import type { Scene, Specimen } from '../support/scene.js';
import { ending, entry, generations, renewal, type Story, usedGenerations } from '../support/stories.js';

const GRACE = 10 * SECOND;
const randomId = (): string => randomBytes(16).toString('base64url');

const honoured: Case[] = [
  replayed('R17 the predecessor, at once', async (scene) => (await generations(scene, 2))[0]?.refresh_token ?? ''),
  replayed('R17 the predecessor of a used successor, a millisecond before its time', async (scene) => {
    const [first] = await usedGenerations(scene, 2);
    scene.stage.app.clock.advance(GRACE - 1);
    return first?.refresh_token ?? '';
  }),
  replayed('R17 the predecessor of an unused successor, a day later', async (scene) => {
    const [first] = await generations(scene, 2);
    scene.stage.app.clock.advance(DAY);
    return first?.refresh_token ?? '';
  }),
];

const reused: Case[] = [
  ending('R15 the predecessor of a used successor, in its time', 'reuse_detected', 'reuse_detected', async (scene) => {
    const [first] = await usedGenerations(scene, 2);
    scene.stage.app.clock.advance(GRACE);
    return first?.refresh_token ?? '';
  }),
  ...[0, 1, 2, 3].map((index) =>
    ending(`R15 R17 generation ${index} of 6, at once`, 'reuse_detected', 'reuse_detected', async (scene) => {
      return (await generations(scene, 6))[index]?.refresh_token ?? '';
    }),
  ),
  ending('R17 the first of three, after the second came back', 'reuse_detected', 'reuse_detected', async (scene) => {
    const [first, second] = await generations(scene, 3);
    await scene.stage.app.auth.refresh(second?.refresh_token ?? '');
    return first?.refresh_token ?? '';
  }),
  ending('R21 a generation nobody had, by who holds the key', 'reuse_detected', 'reuse_detected', (scene) =>
    scene.specimen('refresh').withClaims({ refTokID: randomId() }),
  ),
];

const SIGN_GUESS = hmac('guess');
/** What anybody can make up who knows a guid and no key: nothing of it touches the session. */
const GUESSES: readonly (readonly [title: string, forged: (it: Specimen) => string])[] = [
  ['R21 a generation nobody had, under a signature that was seen', (it) => resaid(it, { refTokID: randomId() })],
  ['R21 a generation of zeros, under a signature that was seen', (it) => resaid(it, { refTokID: 'A'.repeat(22) })],
  ['R21 another session, under a signature that was seen', (it) => resaid(it, { guid: randomUUID() })],
  ['R21 another user, under a signature that was seen', (it) => resaid(it, { sub: 'id-of-ada' })],
  ['R21 a generation nobody had, signed with a guess', (it) => it.withClaims({ refTokID: randomId() }, SIGN_GUESS)],
  [
    'R21 a generation nobody had, signed with noise',
    (it) => it.withClaims({ refTokID: randomId() }, always(randomBytes(32))),
  ],
  ['R21 the live generation, signed with a guess', (it) => it.signedWith(SIGN_GUESS)],
  ['R21 the live generation, signed with noise', (it) => it.signedWith(always(randomBytes(32)))],
];

const guessed: Case[] = GUESSES.map(([title, forged]) => ({
  title: `${title}, 20 times`,
  attempts: Array.from({ length: 20 }, () => ({
    ...renewal((scene) => forged(scene.specimen('refresh'))),
    answer: badGrant('bad_signature'),
    control: ({ pair }: Scene) => getProfile(bearer(pair.access_token)),
  })),
}));

const superseded: Case[] = [
  outdated('R27 an access token of the generation before the last', async (scene) => {
    await generations(scene, 3);
    return scene.pair.access_token;
  }),
  outdated('R27 an access token of the predecessor, after its time', async (scene) => {
    await usedGenerations(scene, 2);
    scene.stage.app.clock.advance(GRACE);
    return scene.pair.access_token;
  }),
  outdated('R36 the generation in letters of the other case', (scene) =>
    scene.specimen('access').withClaims({ refTokID: swapCase(scene.row?.refTokID ?? '') }),
  ),
  ...['null', 'undefined', '0', '%', ' ', '\u0000'].map((refTokID) =>
    outdated(`R36 the generation ${JSON.stringify(refTokID)}`, (scene) =>
      scene.specimen('access').withClaims({ refTokID }),
    ),
  ),
  outdated('R36 the generation and a space', (scene) => {
    return scene.specimen('access').withClaims({ refTokID: `${scene.row?.refTokID} ` });
  }),
];

/** Renewal, reuse, and generations that are no more. */
export const rotation: Category = { name: 'rotation', cases: [...honoured, ...reused, ...guessed, ...superseded] };

/** Renewed with the same successor, and nothing written. */
function replayed(title: string, story: Story): Case {
  return { title, attempts: [{ ...renewal(story), answer: { status: 200 } }] };
}

/** Refused by the guard, and the session lives on: an access token never ends one. */
function outdated(title: string, story: Story): Case {
  return { title, attempts: [{ ...entry(story), answer: badToken('superseded') }] };
}

/** Other claims between the header and the signature of a good token. */
function resaid(it: Specimen, claims: object): string {
  return [it.parts[0], encode({ ...it.claims, ...claims }), it.parts[2]].join('.');
}

function swapCase(text: string): string {
  return text.replace(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
}
