import { equal, matches, ok } from '../assertions.js';
import { clauses, each } from './store-case.js';
import type { Session } from '../../sessions/session.js';
import { atOnce, endedAs, guidsOf, NO_LIMITS, NOW, sessionOf, someone } from './session-fixtures.js';
import { cutOffWhole } from '../cut-off-whole.js';

/** The cases about currentTicket and cutOff. */
export const cutOffCases = [
  ...clauses('cutOff', {
    'ends every session of the user, and of no other': async (on) => {
      const userId = someone();
      const [first, second] = [await on.open(userId), await on.open(userId)];
      const others = await on.open(someone());
      equal(await on.cutOff(userId, undefined, 'credentials_changed', NOW + 5), 2);
      equal(await on.store.find(first), endedAs(first, 'credentials_changed', NOW + 5));
      equal(await on.store.find(second), endedAs(second, 'credentials_changed', NOW + 5));
      equal(await on.store.find(others), others);
    },

    'finds nothing to end for a user without sessions': async (on) => {
      equal(await on.cutOff(someone()), 0);
    },

    'gives every cutoff its own number, which never goes back': async (on) => {
      const tickets = [await on.store.currentTicket()];
      for (let turn = 0; turn < 3; turn++) {
        await on.cutOff(someone());
        tickets.push(await on.store.currentTicket());
      }
      const [, second = 0] = tickets;
      await atOnce(10, () => on.cutOff(someone()));
      tickets.push(await on.store.currentTicket());
      equal(new Set(tickets).size, 5);
      equal(
        [...tickets].sort((a, b) => a - b),
        tickets,
      );
      ok(second > 0);
      equal(tickets.every(Number.isSafeInteger), true);
    },

    'does not count ended sessions, and stores the ends that came by time': async (on) => {
      const userId = someone();
      const idleBefore = NOW - 1000;
      const live = await on.open(userId, { lastActiveAt: idleBefore + 1 });
      const ended = await on.open(userId);
      await on.end(ended, 'signed_out', NOW - 1);
      const expired = await on.open(userId, { expiresAt: NOW });
      const idle = await on.open(userId, { lastActiveAt: idleBefore });
      equal(await cutOffWhole(on.store, { userId, reason: 'revoked_all', at: NOW, idleBefore }), 1);
      equal(await on.store.find(live), endedAs(live, 'revoked_all'));
      equal(await on.store.find(ended), endedAs(ended, 'signed_out', NOW - 1));
      equal(await on.store.find(expired), endedAs(expired, 'expired', expired.expiresAt));
      equal(await on.store.find(idle), endedAs(idle, 'idle', NOW));
    },

    'ends sessions with an older ticket than its own, and no later sign-in': async (on) => {
      const userId = someone();
      const ticket = await on.store.currentTicket();
      const older = await on.open(userId, { ticket });
      const newer = await on.open(userId, { ticket: 2 ** 52 });
      equal(await on.cutOff(userId), 1);
      equal(await on.guids(userId), [newer.guid]);
      equal(await on.guids(userId, true), [older.guid]);
    },

    'prevents renewals as soon as it is stored, before any session has ended': async (on) => {
      const session = await on.open(someone());
      const { userId, refTokID } = session;
      const ending = { reason: 'revoked_all', at: NOW, idleBefore: 0 } as const;
      const { mark } = await on.store.cutOff({ userId, ...ending });
      matches(await on.store.find(session), { endedAt: null });
      equal(await on.rotate(session, refTokID, 'next'), undefined);
      const next = await on.open(userId);
      matches(await on.rotate(next, next.refTokID, 'next'), { refTokID: 'next' });
      await on.store.endBatch({ userId, mark, ...ending });
      matches(await on.store.find(session), { endReason: 'revoked_all' });
      equal(await on.guids(userId), [next.guid]);
    },

    'ends existing sessions in batches, and no sign-in that comes in between': async (on) => {
      const userId = someone();
      const old = await on.openInTurn(userId, 3);
      const ending = { reason: 'revoked_all', at: NOW, idleBefore: 0 } as const;
      const { mark } = await on.store.cutOff({ userId, ...ending });
      const between = await on.open(userId);
      equal((await on.store.endBatch({ userId, mark, ...ending })).ended, 3);
      equal((await on.store.endBatch({ userId, mark, ...ending })).ended, 0);
      equal(await on.guids(userId, true), guidsOf(...old));
      equal(await on.guids(userId), [between.guid]);
    },

    'does not keep a session that another cutoff covers but has not ended yet': async (on) => {
      const [first, second] = await on.openInTurn(someone(), 2);
      const { userId, guid } = first as Session;
      const ending = { reason: 'revoked', at: NOW, idleBefore: 0 } as const;
      await on.store.cutOff({ userId, ...ending });
      equal(await on.cutOff(userId, guid), 2);
      equal(await on.guids(userId, true), guidsOf(first as Session, second as Session));
      equal((await on.markOf(userId)).kept, null);
    },

    'keeps the named session, also through the next cutoffs that name it': async (on) => {
      const userId = someone();
      const kept = await on.open(userId);
      await on.open(userId);
      equal(await on.cutOff(userId, kept.guid, 'revoked'), 1);
      await on.open(userId);
      equal(await on.cutOff(userId, kept.guid, 'revoked'), 1);
      equal(await on.cutOff(userId, kept.guid, 'revoked'), 0);
      const row = await on.store.find(kept);
      equal(row, { ...kept, ticket: row?.ticket });
      equal(await on.guids(userId), guidsOf(kept));
    },

    'keeps a session only for the cutoff that names it': async (on) => {
      const userId = someone();
      const [first, second] = [await on.open(userId), await on.open(userId)];
      equal(await on.cutOff(userId, first.guid), 1);
      const third = await on.open(userId);
      equal(await on.cutOff(userId, third.guid), 1);
      equal(await on.guids(userId), guidsOf(third));
      equal(await on.cutOff(userId), 1);
      equal(await on.guids(userId, true), guidsOf(first, second, third));
    },

    'lets the kept session be renewed, renamed and ended as before': async (on) => {
      const kept = await on.open(someone());
      await on.cutOff(kept.userId, kept.guid);
      matches(await on.rotate(kept, kept.refTokID, 'next'), { refTokID: 'next' });
      equal(await on.store.rename(kept, 'Kept'), true);
      equal(await on.end(kept), 'ended');
    },

    'does not revive an ended session that it should keep': async (on) => {
      const userId = someone();
      const [ended, live] = [await on.open(userId), await on.open(userId)];
      await on.end(ended, 'signed_out');
      equal(await on.cutOff(userId, ended.guid), 1);
      matches(await on.store.find(ended), { endedAt: NOW, endReason: 'signed_out' });
      equal(await on.guids(userId, true), guidsOf(ended, live));
    },

    ...each(
      [
        ['unknown', 'no session of anybody'],
        ['empty', ''],
      ],
      ([label, keep]) => [
        `ends all when the session to keep is ${label}`,
        async (on) => {
          const session = await on.open(someone());
          equal(await on.cutOff(session.userId, keep), 1);
        },
      ],
    ),

    'neither keeps nor touches the session of another user': async (on) => {
      const [mine, others] = [await on.open(someone()), await on.open(someone())];
      equal(await on.cutOff(mine.userId, others.guid), 1);
      equal(await on.store.find(others), others);
      equal(await on.cutOff(others.userId), 1);
    },

    'ends each session once when ten calls cut the user off at once': async (on) => {
      const userId = someone();
      await atOnce(5, () => on.open(userId));
      const counts = await atOnce(10, () => on.cutOff(userId));
      equal(
        counts.reduce((sum, count) => sum + count, 0),
        5,
      );
      equal(await on.guids(userId), []);
    },

    'ends a session that was renewed at the same time': async (on) => {
      for (let round = 0; round < 10; round++) {
        const session = await on.open(someone());
        const { userId, refTokID } = session;
        const swap = () => on.rotate(session, refTokID);
        await Promise.all(round % 2 ? [swap(), on.cutOff(userId)] : [on.cutOff(userId), swap()]);
        equal(await on.guids(userId), []);
      }
    },

    'does not wait for cutoffs of other users, and a later sign-in lives': async (on) => {
      const users = Array.from({ length: 10 }, someone);
      for (const user of users) await on.open(user);
      const next = await Promise.all(
        users.map(async (user) => {
          await on.cutOff(user);
          const session = sessionOf(user, { ticket: await on.store.currentTicket() });
          matches(await on.store.open(session, NO_LIMITS), { opened: true });
          return session;
        }),
      );
      for (const session of next) equal(await on.guids(session.userId), [session.guid]);
    },
  }),
];
