import { equal, matches } from '../assertions.js';
import { clauses, each } from './store-case.js';
import { guidsOf, someone } from './session-fixtures.js';

const TEXTS: [string, string][] = [
  ['emoji', '👩‍👩‍👧 phone 🧑🏽‍💻'],
  ['quotes', `O'Brien's "best" \`phone\``],
  ['SQL', `'); DROP TABLE sessions; --`],
  ['question marks', `? ?? $1 :name @p`],
  ['backslashes and percent signs', '\\ \\\' \\" %s % _'],
  ['other scripts', 'Ünïcode 電話 هاتف телефон'],
  ['blanks at both ends', '  phone  '],
];
/** Pairs of ids of different users that some databases would treat as equal. */
const PAIRS: [string, (userId: string) => [string, string]][] = [
  ['case', (user) => [`${user}-ada`, `${user}-ADA`]],
  ['a trailing space', (user) => [user, `${user} `]],
  ['an accent', (user) => [`${user}-e`, `${user}-é`]],
  ['the form of an accent', (user) => [`${user}-é`, `${user}-e\u0301`]],
  ['leading zeros', () => ['007', '7']],
  ['the form of a number', () => ['1', '1.0']],
];
/** A millisecond of the year 9999. */
const FAR = 253_402_300_799_999;

/** The cases about texts and numbers that have to be read as they were stored. */
export const valuesCases = [
  ...clauses('values', {
    ...each(TEXTS, ([label, text]) => [
      `keeps names and user agents with ${label}`,
      async (on) => {
        const session = await on.open(someone(), { name: text, userAgent: text });
        equal(await on.store.find(session), session);
        const { userId, guid } = session;
        const renewal = { from: session.refTokID, to: 'next', at: session.createdAt, idleBefore: 0 };
        const rotated = await on.store.rotate({ userId, guid, ...renewal, userAgent: text, ip: null });
        matches(rotated, { userAgent: text, name: text });
        await on.store.rename(session, `${text}!`);
        matches(await on.store.find(session), { name: `${text}!` });
      },
    ]),

    ...each(TEXTS, ([label, text]) => [
      `keeps user ids with ${label}`,
      async (on) => {
        const session = await on.open(`${text} ${someone()} ${text}`);
        equal(await on.list(session.userId, false), [session]);
        equal(await on.cutOff(session.userId), 1);
        matches(await on.list(session.userId, true), [{ userId: session.userId }]);
      },
    ]),

    'keeps the longest texts whole': async (on) => {
      const session = await on.open(someone().padEnd(255, 'x'), {
        refTokID: 'r'.repeat(32),
        name: '電'.repeat(100),
        userAgent: '電'.repeat(512),
        ip: '0000:0000:0000:0000:0000:ffff:255.255.255.255',
      });
      equal(await on.list(session.userId, false), [session]);
      matches(await on.rotate(session, session.refTokID, 's'.repeat(32)), { refTokID: 's'.repeat(32) });
    },

    'keeps 512 UTF-16 units of emoji': async (on) => {
      const session = await on.open(someone(), { userAgent: '👩'.repeat(256) });
      equal(await on.store.find(session), session);
    },

    'distinguishes an empty text from none': async (on) => {
      const session = await on.open(someone(), { name: '', userAgent: '', ip: '' });
      equal(await on.store.find(session), session);
    },

    ...each(PAIRS, ([label, pair]) => [
      `treats user ids that differ in ${label} as two users`,
      async (on) => {
        const [one, two] = pair(someone());
        const [ofOne, ofTwo] = [await on.open(one), await on.open(two)];
        equal(await on.guids(one), guidsOf(ofOne));
        equal(await on.store.check({ userId: one, guid: ofTwo.guid }), undefined);
        equal(await on.end({ userId: one, guid: ofTwo.guid }), 'unknown');
        equal(await on.store.rename({ userId: two, guid: ofOne.guid }, 'mine'), false);
        equal(await on.cutOff(one), 1);
        equal(await on.list(two, false), [ofTwo]);
        matches(await on.open(two), { userId: two });
      },
    ]),

    'treats guids that differ in a trailing space as two sessions': async (on) => {
      const session = await on.open(someone());
      const padded = { userId: session.userId, guid: `${session.guid} ` };
      equal(await on.store.find(padded), undefined);
      equal(await on.store.check(padded), undefined);
      equal(await on.end(padded), 'unknown');
      equal(await on.store.rename(padded, 'mine'), false);
      equal(await on.store.find(session), session);
      equal(await on.cutOff(session.userId, padded.guid), 1);
    },

    'treats generations that differ in a trailing space as two': async (on) => {
      const session = await on.open(someone());
      equal(await on.rotate(session, `${session.refTokID} `), undefined);
      await on.rotate(session, session.refTokID, 'next');
      await on.store.markUsed(session, 'next ', session.createdAt + 1);
      matches(await on.store.check(session), { refTokID: 'next', usedAt: null });
    },

    'treats guids that differ in case as two sessions': async (on) => {
      const session = await on.open(someone(), { guid: `a-${someone().slice(5, 35)}` });
      const { userId } = session;
      const guid = session.guid.toUpperCase();
      equal(await on.store.find({ userId, guid }), undefined);
      equal(await on.store.check({ userId, guid }), undefined);
      equal(await on.end({ userId, guid }), 'unknown');
      equal(await on.cutOff(userId, guid), 1);
    },

    'keeps times and tickets above 2^32 to the millisecond': async (on) => {
      const times = { createdAt: FAR - 9, lastActiveAt: FAR - 8, expiresAt: FAR, purgeAt: FAR };
      const session = await on.open(someone(), { ...times, ticket: 2 ** 45 + 1 });
      equal(await on.store.find(session), session);
      const rotated = await on.rotate(session, session.refTokID, 'next', FAR - 7);
      matches(rotated, { rotatedAt: FAR - 7, lastActiveAt: FAR - 7 });
      await on.store.markUsed(session, 'next', FAR - 6);
      equal(await on.touch(session, FAR - 5, { touchInterval: 2 }), 1);
      matches(await on.store.check(session), { usedAt: FAR - 6, lastActiveAt: FAR - 5, expiresAt: FAR });
      await on.end(session, 'revoked', FAR - 4);
      matches(await on.store.find(session), {
        endedAt: FAR - 4,
        purgeAt: FAR - 4,
        ticket: 2 ** 45 + 1,
      });
    },

    'keeps numbers up to 2^53 - 1': async (on) => {
      const largest = Number.MAX_SAFE_INTEGER;
      const session = await on.open(someone(), { expiresAt: largest, purgeAt: largest, ticket: largest });
      equal(await on.store.find(session), session);
      equal(await on.end(session, 'revoked', largest - 1), 'ended');
    },
  }),
];
