import { ALL_CUT_OFF, NO_CUTOFF } from '../../sessions/cutoff.js';
import { equal } from '../assertions.js';
import { clauses } from './store-case.js';
import { endedAs, NOW, sessionOf, someone } from './session-fixtures.js';

/** The cases about `end` with `cutUntil`, which also cuts off the access tokens of the session. */
export const deviceCases = [
  ...clauses('end with a cutoff of the one session', {
    'ends the session and covers all of its tokens, and no others': async (on) => {
      const session = await on.open(someone());
      const sibling = await on.open(session.userId);
      equal(await on.cutDevice(session, NOW + 10), 'ended');
      equal(await on.store.find(session), endedAs(session, 'revoked'));
      equal(await on.store.cutoffOf(session), ALL_CUT_OFF);
      equal(await on.store.cutoffOf(sibling), NO_CUTOFF);
      equal(await on.store.find(sibling), sibling);
    },

    'does not happen without `cutUntil`': async (on) => {
      const session = await on.open(someone());
      await on.end(session);
      equal(await on.store.cutoffOf(session), NO_CUTOFF);
    },

    'also covers a session that had ended, or was over by time, without ending it again': async (on) => {
      const [ended, expired] = [await on.open(someone()), await on.open(someone(), { expiresAt: NOW })];
      await on.end(ended, 'signed_out', NOW - 1);
      for (const session of [ended, expired]) {
        equal(await on.cutDevice(session, NOW + 10), 'over');
        equal(await on.store.cutoffOf(session), ALL_CUT_OFF);
      }
      equal(await on.store.find(ended), endedAs(ended, 'signed_out', NOW - 1));
      equal(await on.store.find(expired), endedAs(expired, 'expired', NOW));
    },

    'does not happen for a session of somebody else, or for an unknown one': async (on) => {
      const session = await on.open(someone());
      const stranger = { userId: someone(), guid: session.guid };
      equal(await on.cutDevice(stranger, NOW + 10), 'unknown');
      equal(await on.store.cutoffOf(session), NO_CUTOFF);
      const unknown = sessionOf(session.userId);
      equal(await on.cutDevice(unknown, NOW + 10), 'unknown');
      equal(await on.store.cutoffOf(unknown), NO_CUTOFF);
    },

    'stays in force after cutoffs of its user that keep the session': async (on) => {
      const session = await on.open(someone());
      await on.cutDevice(session, NOW + 10);
      await on.cutOff(session.userId, session.guid);
      equal(await on.store.cutoffOf(session), ALL_CUT_OFF);
    },

    'is kept until `cutUntil`, and deleted by the next purge after that': async (on) => {
      const session = await on.open(someone());
      await on.cutDevice(session, NOW + 10);
      await on.cutDevice(session, NOW + 5);
      await on.prune(NOW + 10);
      equal(await on.store.cutoffOf(session), ALL_CUT_OFF);
      await on.prune(NOW + 11);
      equal(await on.store.cutoffOf(session), NO_CUTOFF);
      equal(await on.store.find(session), endedAs(session, 'revoked'));
    },
  }),
];
