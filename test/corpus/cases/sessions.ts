import { claimsOf } from '../../support/client.js';
import { DAY } from '../../support/times.js';
import { execute } from '../../support/sqlite-file.js';
import { badGrant, badToken, type Case, type Category } from '../support/case.js';
import type { Scene } from '../support/scene.js';
import { bereft, entry, generations, mismatched, renewal, stranger } from '../support/stories.js';

const LIFE = 30 * DAY;

const ended: Case[] = [
  bereft('R23 R26 after its own sign-out', 'session_ended', ({ stage, pair }) =>
    stage.app.auth.logout({ refreshToken: pair.refresh_token }),
  ),
  bereft('R23 after it was revoked', 'session_ended', ({ stage, userId, guid }) =>
    stage.app.registry.revoke(userId, guid),
  ),
  bereft('R23 R24 after all were revoked', 'session_ended', ({ stage, userId }) =>
    stage.app.registry.revokeAll(userId),
  ),
  bereft('R23 R24 after the others were revoked', 'session_ended', async ({ stage, userId }) => {
    const { session } = await stage.app.auth.login(userId);
    await stage.app.registry.revokeOthers(userId, session.guid);
  }),
  bereft('R28 after a change of password', 'session_ended', ({ stage, userId }) =>
    stage.app.registry.credentialsChanged(userId),
  ),
  bereft('R28 after its user was disabled', 'session_ended', ({ stage, userId }) => stage.app.auth.disableUser(userId)),
  bereft('R30 after its device signed in again', 'session_ended', ({ stage, userId, pair }) =>
    stage.app.auth.login(userId, { headers: { authorization: `Bearer ${pair.access_token}` } }),
  ),
  bereft('R15 after a reuse', 'session_ended', async (scene) => {
    const [first] = await generations(scene, 3);
    await scene.stage.app.auth.refresh(first?.refresh_token ?? '').catch(() => {});
  }),
  bereft('R39 after its row was purged', 'session_unknown', ({ stage, guid }) =>
    execute(stage.app.file, 'DELETE FROM sessions WHERE guid = ?', guid),
  ),
  bereft('R28 R39 after its user was forgotten', 'session_unknown', ({ stage, userId }) =>
    stage.app.registry.forget(userId),
  ),
];

const inactive: Case = {
  title: 'R28 at the renewal of a user who may not sign in any more',
  attempts: [
    {
      ...renewal(({ stage, userId, pair }) => {
        stage.app.users.inactive.add(userId);
        return pair.refresh_token;
      }),
      ...{ answer: badGrant('user_inactive'), ends: 'user_disabled' },
    },
    { ...entry(({ pair }) => pair.access_token), answer: badToken('session_ended') },
  ],
};

/** Tokens that say they last, of a session that does not. */
const late: Case[] = [
  {
    title: 'R20 R38 tokens of today, of a session that came to its absolute end',
    attempts: [
      { ...entry(({ pair }) => pair.access_token), answer: { status: 200 } },
      { ...entry((scene) => afterItsEnd(scene, 'access')), answer: badToken('session_expired') },
      { ...renewal((scene) => fresh(scene, 'refresh')), answer: badGrant('session_expired') },
    ],
  },
  {
    title: 'R38 a refresh token in the second of its end',
    attempts: [
      {
        ...renewal(({ stage, pair }) => {
          stage.app.clock.advance(LIFE);
          return pair.refresh_token;
        }),
        answer: badGrant('token_expired'),
      },
    ],
  },
  {
    title: 'R38 an access token in the second of its end',
    attempts: [
      { ...entry((scene) => untilItsEnd(scene, -1)), answer: { status: 200 } },
      { ...entry((scene) => untilItsEnd(scene, 0)), answer: badToken('token_expired') },
    ],
  },
];

const GUIDS: readonly string[] = [
  ...['00000000-0000-4000-8000-000000000000', '*', '%', '_', "' OR ''='", 'null', '0', 'current', '__proto__'],
  ...['a\u0000b', '\u0000', '\ud800', '😀', '../', 'x'.repeat(255)],
];
const SUBJECTS: readonly string[] = ['%', '*', '0', 'null', "' OR ''='", 'x'.repeat(255)];

/** The user, the session and the generation have to go together in one row. */
const mixed: Case[] = [
  mismatched('R44 another user’s session', async (scene) => ({ guid: (await stranger(scene)).guid })),
  mismatched('R44 the own session as another user', async (scene) => ({ sub: (await stranger(scene)).userId })),
  mismatched('R44 another user’s session and generation', async (scene) => {
    const { guid, row } = await stranger(scene);
    return { guid, refTokID: row?.refTokID };
  }),
  ...GUIDS.map((guid) => mismatched(`R48 the guid ${shown(guid)}`, () => ({ guid }))),
  ...SUBJECTS.map((sub) => mismatched(`R48 the sub ${shown(sub)}`, () => ({ sub }))),
  mismatched('R48 the guid in capitals', ({ guid }) => ({ guid: guid.toUpperCase() })),
  mismatched('R48 the guid and a space', ({ guid }) => ({ guid: `${guid} ` })),
  mismatched('R48 the guid and NUL', ({ guid }) => ({ guid: `${guid}\u0000` })),
  mismatched('R48 the sub in capitals', ({ userId }) => ({ sub: userId.toUpperCase() })),
  mismatched('R48 the sub and a space', ({ userId }) => ({ sub: `${userId} ` })),
];

/** Tokens in order, of sessions that are over or never were. */
export const sessions: Category = { name: 'sessions', cases: [...ended, inactive, ...late, ...mixed] };

function fresh(scene: Scene, kind: 'access' | 'refresh'): string {
  const it = scene.specimen(kind);
  return it.withClaims({ iat: it.now, exp: it.now + 60 });
}

function afterItsEnd(scene: Scene, kind: 'access' | 'refresh'): string {
  scene.stage.app.clock.advance(LIFE);
  return fresh(scene, kind);
}

function untilItsEnd({ stage, pair }: Scene, milliseconds: number): string {
  const end = Number(claimsOf(pair.access_token).exp) * 1_000 + milliseconds;
  stage.app.clock.advance(end - stage.app.clock.now());
  return pair.access_token;
}

function shown(text: string): string {
  return text.length > 40 ? `of ${text.length} characters` : JSON.stringify(text);
}
