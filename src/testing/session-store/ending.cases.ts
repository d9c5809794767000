import { equal } from '../assertions.js';
import { clauses, each } from './store-case.js';
import { atOnce, endedAs, guidsOf, NOW, sessionOf, someone } from './session-fixtures.js';

/** The cases about end. */
export const endingCases = [
  ...clauses('end', {
    'ends one session with a time and a reason, and no other': async (on) => {
      const session = await on.open(someone());
      const sibling = await on.open(session.userId);
      equal(await on.end(session, 'signed_out', NOW + 5), 'ended');
      equal(await on.store.find(session), endedAs(session, 'signed_out', NOW + 5));
      equal(await on.store.find(sibling), sibling);
    },

    'ends a session once: a second call changes neither time nor reason': async (on) => {
      const session = await on.open(someone());
      await on.end(session, 'signed_out', NOW + 5);
      equal(await on.end(session, 'revoked', NOW + 6), 'over');
      equal(await on.store.find(session), endedAs(session, 'signed_out', NOW + 5));
    },

    'resolves to `ended` for exactly one of 20 calls at once': async (on) => {
      const session = await on.open(someone());
      const answers = await atOnce(20, (index) => on.end(session, 'revoked', NOW + index));
      equal(
        answers.filter((answer) => answer !== 'over'),
        ['ended'],
      );
      equal(await on.store.find(session), endedAs(session, 'revoked', NOW + answers.indexOf('ended')));
    },

    ...each([0, 1], (ago) => [
      `stores an absolute end that came ${ago} ms ago, for good`,
      async (on) => {
        const session = await on.open(someone());
        equal(await on.end(session, 'revoked', session.expiresAt + ago), 'over');
        equal(await on.store.find(session), endedAs(session, 'expired', session.expiresAt));
        // Called again by a process whose clock is behind.
        equal(await on.end(session, 'revoked', session.expiresAt - 1), 'over');
        equal(await on.store.find(session), endedAs(session, 'expired', session.expiresAt));
      },
    ]),

    'ends a session up to the millisecond before its absolute end': async (on) => {
      const session = await on.open(someone());
      equal(await on.end(session, 'revoked', session.expiresAt - 1), 'ended');
    },

    ...each([0, 1], (ago) => [
      `stores an idle end that came ${ago} ms ago, for good`,
      async (on) => {
        const session = await on.open(someone());
        const [at, idleBefore] = [NOW + 9, session.lastActiveAt + ago];
        equal(await on.end(session, 'revoked', at, idleBefore), 'over');
        equal(await on.store.find(session), endedAs(session, 'idle', at - ago));
        equal(await on.end(session, 'revoked', at, session.lastActiveAt - 1), 'over');
      },
    ]),

    'ends a session that was active since the idle bound': async (on) => {
      const session = await on.open(someone());
      equal(await on.end(session, 'revoked', NOW + 9, session.lastActiveAt - 1), 'ended');
    },

    'ends neither an unknown session nor one of another user': async (on) => {
      const session = await on.open(someone());
      equal(await on.end({ ...session, userId: someone() }), 'unknown');
      equal(await on.end(sessionOf(session.userId)), 'unknown');
      equal(await on.store.find(session), session);
    },

    'moves the session from the live to the ended': async (on) => {
      const [first, second] = [await on.open(someone()), await on.open(someone())];
      await on.end(first);
      equal([await on.guids(first.userId), await on.guids(first.userId, true)], [[], guidsOf(first)]);
      equal([await on.guids(second.userId), await on.guids(second.userId, true)], [guidsOf(second), []]);
    },
  }),
];
