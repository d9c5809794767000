import { equal, matches } from '../assertions.js';
import { clauses } from './store-case.js';
import { endedAs, NOW, someone } from './session-fixtures.js';

/** The cases about forget. */
export const forgettingCases = [
  ...clauses('forget', {
    'deletes every row of the user, live and ended, and says how many': async (on) => {
      const session = await on.open(someone());
      const { userId } = session;
      for (let more = 0; more < 3; more++) await on.open(userId);
      await on.end(session);
      equal(await on.store.forget(userId), 4);
      equal([await on.guids(userId), await on.guids(userId, true)], [[], []]);
      equal([await on.store.find(session), await on.store.check(session)], [undefined, undefined]);
      equal(await on.store.forget(userId), 0);
    },

    'leaves the rows of everybody else': async (on) => {
      const [gone, other] = [await on.open(someone()), await on.open(someone())];
      const ended = await on.open(other.userId);
      await on.end(ended, 'signed_out');
      await on.store.forget(gone.userId);
      equal(await on.store.find(other), other);
      equal(await on.store.find(ended), endedAs(ended, 'signed_out'));
    },

    'cannot be undone by a rotation, a touch or a rename': async (on) => {
      const session = await on.open(someone());
      await on.store.forget(session.userId);
      equal(await on.rotate(session, session.refTokID), undefined);
      equal(await on.touch(session, NOW + 100_000), 0);
      equal(await on.store.rename(session, 'name'), false);
      equal(await on.end(session), 'unknown');
      equal(await on.store.find(session), undefined);
    },

    'leaves the cutoff of the user: a sign-in from before it stays refused': async (on) => {
      const session = await on.open(someone());
      await on.cutOff(session.userId);
      await on.store.forget(session.userId);
      const late = { ...session, guid: '00000000-0000-4000-8000-000000000000' };
      matches(await on.store.open(late, { maxSessions: null, whenFull: 'evict', idleBefore: 0 }), {
        opened: false,
        why: 'cut_off',
      });
    },
  }),
];
