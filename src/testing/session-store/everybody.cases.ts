import { equal, matches } from '../assertions.js';
import { type Clauses, clauses } from './store-case.js';
import { isCutOff } from '../../sessions/cutoff.js';
import { atOnce, endedAs, LIFE, NO_LIMITS, NOW, sessionOf, someone } from './session-fixtures.js';
import type { StoreUnderTest } from './store-under-test.js';
import { cutOffWhole } from '../cut-off-whole.js';

const CUT_OFF = { opened: false, why: 'cut_off' };

/** The cases about a cutoff of everybody. */
export const everybodyCases = [
  ...clauses(
    'cutOff of everybody',
    inQuiet({
      'ends every session of every user, with a time and a reason': async (on) => {
        const user = someone();
        const sessions = [await on.open(user), await on.open(user), await on.open(someone())];
        equal(await on.cutOff(null, undefined, 'credentials_changed', NOW + 5), 3);
        for (const session of sessions) {
          equal(await on.store.find(session), endedAs(session, 'credentials_changed', NOW + 5));
        }
        equal(await on.cutOff(null), 0);
      },

      'does not count ended sessions, and stores the ends that came by time': async (on) => {
        const idleBefore = NOW - 1000;
        const live = await on.open(someone(), { lastActiveAt: idleBefore + 1 });
        const ended = await on.open(someone());
        await on.end(ended, 'signed_out', NOW - 1);
        const expired = await on.open(someone(), { expiresAt: NOW });
        const idle = await on.open(someone(), { lastActiveAt: idleBefore });
        equal(await cutOffWhole(on.store, { userId: null, reason: 'revoked_all', at: NOW, idleBefore }), 1);
        equal(await on.store.find(live), endedAs(live, 'revoked_all'));
        equal(await on.store.find(ended), endedAs(ended, 'signed_out', NOW - 1));
        equal(await on.store.find(expired), endedAs(expired, 'expired', expired.expiresAt));
        equal(await on.store.find(idle), endedAs(idle, 'idle', NOW));
      },

      'refuses a ticket drawn before it, of a known user and of a new one': async (on) => {
        const [here, ticket] = [await on.open(someone()), await on.store.currentTicket()];
        await on.cutOff(null);
        for (const userId of [here.userId, someone()]) {
          const late = sessionOf(userId, { ticket, createdAt: NOW + LIFE, expiresAt: NOW + 2 * LIFE });
          equal(await on.store.open(late, NO_LIMITS), CUT_OFF);
          equal(await on.store.find(late), undefined);
        }
      },

      'prevents renewals as soon as it is stored, before any session has ended': async (on) => {
        const session = await on.open(someone());
        const ending = { userId: null, reason: 'revoked_all', at: NOW, idleBefore: 0 } as const;
        const { mark } = await on.store.cutOff(ending);
        matches(await on.store.find(session), { endedAt: null });
        equal(await on.rotate(session, session.refTokID, 'next'), undefined);
        equal((await on.store.endBatch({ ...ending, mark })).ended, 1);
      },

      'accepts a ticket drawn after it, in the same millisecond, and leaves its session alone': async (on) => {
        const user = someone();
        await on.open(user);
        await on.cutOff(null);
        const next = await on.open(user);
        equal(await on.store.find(next), next);
        equal(await on.guids(user), [next.guid]);
      },

      'is the mark of every session, existing or not': async (on) => {
        const session = await on.open(someone());
        await on.cutOff(null);
        const mark = { ticket: await on.store.currentTicket(), kept: null };
        equal(await on.store.cutoffOf(session), mark);
        equal(await on.markOf(someone()), mark);
        await on.cutOff(session.userId);
        equal(await on.markOf(someone()), mark);
      },

      'keeps nothing that a user had kept': async (on) => {
        const kept = await on.open(someone());
        await on.cutOff(kept.userId, kept.guid);
        equal(isCutOff(await on.store.cutoffOf(kept), kept), false);
        equal(await on.cutOff(null), 1);
        equal(isCutOff(await on.store.cutoffOf(kept), kept), true);
        equal(await on.guids(kept.userId), []);
        await on.cutOff(kept.userId, kept.guid);
        equal(isCutOff(await on.store.cutoffOf(kept), kept), true);
      },

      'lets a user keep a session that was opened after it': async (on) => {
        await on.cutOff(null);
        const kept = await on.open(someone());
        await on.open(kept.userId);
        equal(await on.cutOff(kept.userId, kept.guid), 1);
        equal(await on.store.cutoffOf(kept), { ticket: await on.store.currentTicket(), kept: kept.guid });
        equal(await on.guids(kept.userId), [kept.guid]);
      },

      'leaves alone what is newer than its number': async (on) => {
        const newer = await on.open(someone(), { ticket: 2 ** 52 });
        const old = await on.open(newer.userId);
        equal(await on.cutOff(null), 1);
        equal(await on.guids(newer.userId), [newer.guid]);
        equal(isCutOff(await on.store.cutoffOf(newer), newer), false);
        equal(await on.guids(old.userId, true), [old.guid]);
      },

      'leaves no sign-in alive that races it with an earlier ticket': async (on) => {
        for (let round = 0; round < 5; round++) {
          const ticket = await on.store.currentTicket();
          const sessions = Array.from({ length: 24 }, () => sessionOf(someone(), { ticket }));
          const signIns = sessions.map((session) => on.store.open(session, NO_LIMITS));
          const [count] = await Promise.all([on.cutOff(null), ...signIns]);
          const opened = (await Promise.all(signIns)).filter((outcome) => outcome.opened);
          equal(count, opened.length);
          for (const { userId } of sessions) equal(await on.guids(userId), []);
        }
      },

      'also ends sessions that users keep at the same time': async (on) => {
        for (let round = 0; round < 5; round++) {
          const sessions = await atOnce(8, () => on.open(someone()));
          const keeping = sessions.map(({ userId, guid }) => on.cutOff(userId, guid));
          await Promise.all(round % 2 ? [...keeping, on.cutOff(null)] : [on.cutOff(null), ...keeping]);
          for (const session of sessions) {
            equal(await on.guids(session.userId), []);
            equal(isCutOff(await on.store.cutoffOf(session), session), true);
          }
        }
      },

      'ends each session once when several are made at once, and the latest is the mark': async (on) => {
        await atOnce(6, () => on.open(someone()));
        const counts = await atOnce(5, () => on.cutOff(null));
        equal(
          counts.reduce((sum, count) => sum + count, 0),
          6,
        );
        equal(await on.markOf(someone()), { ticket: await on.store.currentTicket(), kept: null });
      },
    }),
  ),
];

/** Ends what the case before has left alive, so that it does not count. */
function inQuiet(all: Clauses): Clauses {
  const quiet = Object.entries(all).map(([says, check]) => [
    says,
    async (on: StoreUnderTest) => {
      await on.cutOff(null);
      await check(on);
    },
  ]);
  return Object.fromEntries(quiet);
}
