import { equal, matches } from '../assertions.js';
import { clauses } from './store-case.js';
import type { Session } from '../../sessions/session.js';
import { wholePage } from '../cut-off-whole.js';
import { CLIENT, endedAs, guidsOf, LIFE, NOW, sessionOf, someone } from './session-fixtures.js';

/** The cases about check, find, list and rename. */
export const readingCases = [
  ...clauses('reading', {
    'finds a session as it was opened, every field of it': async (on) => {
      const session = await on.open(someone());
      equal(await on.store.find(session), session);
    },

    'keeps what is absent as null': async (on) => {
      const session = await on.open(someone(), { name: null, userAgent: null, ip: null });
      equal(await on.store.find(session), session);
    },

    'gives a check what it needs': async (on) => {
      const session = await on.open(someone());
      const { refTokID, lastActiveAt, expiresAt } = session;
      matches(await on.store.check(session), {
        ...{ refTokID, predecessor: null, rotatedAt: null, usedAt: null },
        ...{ lastActiveAt, expiresAt, endedAt: null, endReason: null },
      });
    },

    'gives a check the state after a rotation, a first use and an end': async (on) => {
      const session = await on.open(someone());
      await on.rotate(session, session.refTokID, 'next', NOW + 1);
      await on.store.markUsed(session, 'next', NOW + 2);
      await on.end(session, 'signed_out', NOW + 3);
      matches(await on.store.check(session), {
        ...{ refTokID: 'next', predecessor: session.refTokID, rotatedAt: NOW + 1, usedAt: NOW + 2 },
        ...{ lastActiveAt: NOW + 1, endedAt: NOW + 3, endReason: 'signed_out' },
      });
    },

    'does not find a session that was never opened': async (on) => {
      const stranger = sessionOf(someone());
      equal(await on.store.find(stranger), undefined);
      equal(await on.store.check(stranger), undefined);
      equal(await on.list(stranger.userId, false), []);
      equal(await on.list(stranger.userId, true), []);
    },

    'treats the guid of another user as unknown': async (on) => {
      const { guid } = await on.open(someone());
      const userId = someone();
      await on.open(userId);
      equal(await on.store.find({ userId, guid }), undefined);
      equal(await on.store.check({ userId, guid }), undefined);
    },

    'changes nothing by reading': async (on) => {
      const session = await on.open(someone());
      await on.store.check(session);
      await on.list(session.userId, false);
      await on.list(session.userId, true);
      await on.store.currentTicket();
      equal(await on.store.find(session), session);
    },
  }),

  ...clauses('list', {
    'gives either the live or the ended sessions of the user, and no others': async (on) => {
      const userId = someone();
      const [live, other, gone] = [await on.open(userId), await on.open(userId), await on.open(userId)];
      await on.open(someone());
      await on.end(gone, 'signed_out', NOW + 5);
      equal(await on.guids(userId), guidsOf(live, other));
      for (const session of [live, other]) equal(await on.store.find(session), session);
      equal(await on.list(userId, true), [endedAs(gone, 'signed_out', NOW + 5)]);
    },

    'gives a session that ended by time with the ended ones, though its end is not stored': async (on) => {
      const userId = someone();
      const idleBefore = NOW - 1000;
      const expired = await on.open(userId, { createdAt: NOW - LIFE, expiresAt: NOW - 7, lastActiveAt: NOW });
      const idle = await on.open(userId, { lastActiveAt: idleBefore - 5 });
      const live = await on.open(userId, { lastActiveAt: idleBefore + 1 });
      const page = wholePage(NOW, idleBefore);
      equal(await on.store.list(userId, false, page), [live]);
      equal(await on.store.list(userId, true, page), [idle, expired]);
    },

    'gives live ones page by page, last opened first, even if they are used meanwhile': async (on) => {
      const userId = someone();
      const sessions = await on.openInTurn(userId, 5);
      const tied = await on.open(userId, { createdAt: sessions[2]?.createdAt ?? 0 });
      const seen: string[] = [];
      for (let after: Session | undefined; seen.length < 6; ) {
        const page = await on.store.list(userId, false, {
          ...wholePage(NOW),
          limit: 2,
          after: after && { createdAt: after.createdAt, guid: after.guid },
        });
        equal(page.length, 2);
        seen.push(...page.map(({ guid }) => guid));
        after = page[1];
        await on.touch(page[0] as Session, NOW + seen.length, { touchInterval: 0 });
      }
      const [first, second, third, fourth, fifth] = sessions.map(({ guid }) => guid);
      const ties = [third, tied.guid].sort().reverse();
      equal(seen, [fifth, fourth, ...ties, second, first]);
    },

    'gives ended ones page by page, last ended first, including those that ended by time': async (on) => {
      const userId = someone();
      const ends = [NOW - 30, NOW - 10, NOW - 50];
      const written = [];
      for (const at of ends) {
        const session = await on.open(userId);
        await on.end(session, 'signed_out', at);
        written.push(session.guid);
      }
      const [expired, older] = [
        await on.open(userId, { expiresAt: NOW - 20 }),
        await on.open(userId, { expiresAt: NOW - 40 }),
      ];
      const seen: string[] = [];
      const endIn = ({ endedAt, expiresAt }: Session) => endedAt ?? expiresAt;
      for (let after: Session | undefined; seen.length < 5; ) {
        const place = after && { ...after, endedAt: endIn(after) };
        const page = await on.store.list(userId, true, { ...wholePage(NOW), limit: 1, after: place });
        seen.push(...page.map(({ guid }) => guid));
        [after] = page;
      }
      equal(seen, [written[1], expired.guid, written[0], older.guid, written[2]]);
    },

    'gives each session once, even if several ended at the same time': async (on) => {
      const userId = someone();
      const sessions = await on.openInTurn(userId, 4);
      await on.cutOff(userId);
      const seen: string[] = [];
      for (let after: Session | undefined; seen.length < 4; ) {
        const place = after && { ...after, endedAt: NOW };
        const [row] = await on.store.list(userId, true, { ...wholePage(NOW), limit: 1, after: place });
        seen.push(row?.guid ?? 'none');
        after = row;
      }
      equal(seen, sessions.map(({ guid }) => guid).reverse());
    },
  }),

  ...clauses('rename', {
    'names a session, and changes nothing else': async (on) => {
      const session = await on.open(someone());
      equal(await on.store.rename(session, 'Kitchen'), true);
      equal(await on.store.find(session), { ...session, name: 'Kitchen' });
      equal(await on.store.rename(session, 'Kitchen'), true);
    },

    'refuses a session that is unknown, ended or of another user': async (on) => {
      const session = await on.open(someone());
      equal(await on.store.rename({ ...session, userId: someone() }, 'Mine'), false);
      equal(await on.store.rename(sessionOf(session.userId), 'Mine'), false);
      equal(await on.store.find(session), session);
      await on.end(session);
      equal(await on.store.rename(session, 'Mine'), false);
      equal(await on.store.find(session), endedAs(session, 'revoked'));
    },

    'leaves the name alone in a rotation and a touch': async (on) => {
      const session = await on.open(someone());
      await on.store.rename(session, 'Kitchen');
      await on.rotate(session, session.refTokID);
      await on.touch(session, NOW + LIFE / 2);
      matches(await on.store.find(session), { name: 'Kitchen', ...CLIENT });
    },
  }),
];
