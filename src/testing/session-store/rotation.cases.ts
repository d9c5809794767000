import { differ, equal, matches, ok } from '../assertions.js';
import { clauses } from './store-case.js';
import { atOnce, CLIENT, endedAs, LIFE, NOW, sessionOf, someone } from './session-fixtures.js';

/** The cases about rotate and markUsed. */
export const rotationCases = [
  ...clauses('rotate', {
    'swaps the live generation for the next, and resolves to the session': async (on) => {
      const session = await on.open(someone());
      const rotated = await on.rotate(session, session.refTokID, 'next', NOW + 5);
      equal(rotated, {
        ...{ ...session, ...CLIENT, refTokID: 'next', predecessor: session.refTokID },
        ...{ rotatedAt: NOW + 5, usedAt: null, lastActiveAt: NOW + 5 },
      });
      equal(await on.store.find(session), rotated);
    },

    'does not move the absolute end': async (on) => {
      const session = await on.open(someone());
      let { refTokID } = session;
      for (let turn = 1; turn <= 5; turn++) {
        const rotated = await on.rotate(session, refTokID, `generation ${turn}`, NOW + turn);
        matches(rotated, { predecessor: refTokID, expiresAt: session.expiresAt, createdAt: NOW });
        refTokID = `generation ${turn}`;
      }
    },

    'resets the time of first use': async (on) => {
      const session = await on.open(someone());
      await on.rotate(session, session.refTokID, 'second');
      await on.store.markUsed(session, 'second', NOW + 1);
      matches(await on.rotate(session, 'second', 'third', NOW + 2), { usedAt: null });
    },

    'keeps the known client if none is given': async (on) => {
      const session = await on.open(someone());
      const nobody = { userAgent: null, ip: null };
      const bounds = { at: NOW, idleBefore: 0, from: session.refTokID, to: 'next' };
      const { userId, guid } = session;
      const known = { userAgent: session.userAgent, ip: session.ip };
      differ(known, nobody);
      matches(await on.store.rotate({ userId, guid, ...bounds, ...nobody }), known);
    },

    'refuses a generation that is not the live one, and changes nothing': async (on) => {
      const session = await on.open(someone());
      await on.rotate(session, session.refTokID, 'second');
      const rotated = await on.rotate(session, 'second', 'third');
      for (const from of [session.refTokID, 'second', 'never seen', 'THIRD', ''])
        equal(await on.rotate(session, from, 'fourth', NOW + 9), undefined);
      equal(await on.store.find(session), rotated);
    },

    'refuses an unknown session and one of another user, and changes nothing': async (on) => {
      const session = await on.open(someone());
      const { refTokID } = session;
      equal(await on.rotate(sessionOf(session.userId), refTokID), undefined);
      equal(await on.rotate({ ...session, userId: someone() }, refTokID), undefined);
      equal(await on.store.find(session), session);
    },

    'refuses a session that was ended': async (on) => {
      const session = await on.open(someone());
      await on.end(session, 'signed_out');
      equal(await on.rotate(session, session.refTokID), undefined);
      equal(await on.store.find(session), endedAs(session, 'signed_out'));
    },

    'refuses a session from the millisecond of its absolute end on': async (on) => {
      const session = await on.open(someone());
      const { refTokID, expiresAt } = session;
      equal(await on.rotate(session, refTokID, 'next', expiresAt), undefined);
      equal(await on.rotate(session, refTokID, 'next', expiresAt + 1), undefined);
      equal(await on.store.find(session), session);
      matches(await on.rotate(session, refTokID, 'next', expiresAt - 1), { refTokID: 'next' });
    },

    'refuses an idle session': async (on) => {
      const session = await on.open(someone());
      const { refTokID, lastActiveAt } = session;
      equal(await on.rotate(session, refTokID, 'next', NOW + 9, lastActiveAt), undefined);
      equal(await on.rotate(session, refTokID, 'next', NOW + 9, lastActiveAt + 1), undefined);
      equal(await on.store.find(session), session);
      matches(await on.rotate(session, refTokID, 'next', NOW + 9, lastActiveAt - 1), { refTokID: 'next' });
    },

    'lets exactly one of 50 calls swap the same generation at once': async (on) => {
      const session = await on.open(someone());
      const swaps = await atOnce(50, (index) => on.rotate(session, session.refTokID, `winner ${index}`));
      const winners = swaps.filter((swap) => swap !== undefined);
      equal(winners.length, 1);
      matches(winners[0], { refTokID: `winner ${swaps.indexOf(winners[0])}` });
      equal(await on.store.find(session), winners[0]);
      matches(winners[0], { predecessor: session.refTokID, rotatedAt: NOW });
    },

    'does not undo an end that comes at the same time': async (on) => {
      for (let round = 0; round < 20; round++) {
        const session = await on.open(someone());
        const { refTokID } = session;
        const swap = () => on.rotate(session, refTokID, 'next');
        const calls = [swap(), on.end(session), swap()];
        const answers = await Promise.all(round % 2 ? calls : calls.reverse());
        ok(answers.includes('ended'));
        const row = await on.store.find(session);
        matches(row, { endedAt: NOW, endReason: 'revoked' });
        equal(await on.rotate(session, row?.refTokID ?? ''), undefined);
      }
    },
  }),

  ...clauses('markUsed', {
    'records the first use of the live generation, and nothing else': async (on) => {
      const session = await on.open(someone());
      const rotated = await on.rotate(session, session.refTokID, 'next');
      await on.store.markUsed(session, 'next', NOW + 3);
      equal(await on.store.find(session), { ...rotated, usedAt: NOW + 3 });
    },

    'keeps the first of two uses': async (on) => {
      const session = await on.open(someone());
      await on.rotate(session, session.refTokID, 'next');
      await on.store.markUsed(session, 'next', NOW + 3);
      await on.store.markUsed(session, 'next', NOW + 4);
      matches(await on.store.find(session), { usedAt: NOW + 3 });
    },

    'does nothing for a former or an unknown generation': async (on) => {
      const session = await on.open(someone());
      const rotated = await on.rotate(session, session.refTokID, 'next');
      for (const refTokID of [session.refTokID, 'never seen', 'NEXT', ''])
        await on.store.markUsed(session, refTokID, NOW + 3);
      equal(await on.store.find(session), rotated);
    },

    'does nothing for an unknown session and for one of another user': async (on) => {
      const session = await on.open(someone());
      const rotated = await on.rotate(session, session.refTokID, 'next');
      await on.store.markUsed({ ...session, userId: someone() }, 'next', NOW + 3);
      await on.store.markUsed(sessionOf(session.userId), 'next', NOW + 3);
      equal(await on.store.find(session), rotated);
    },

    'keeps one of ten uses that come at once': async (on) => {
      const session = await on.open(someone());
      const rotated = await on.rotate(session, session.refTokID, 'next');
      await atOnce(10, (index) => on.store.markUsed(session, 'next', NOW + LIFE + index));
      const row = await on.store.find(session);
      equal(row, { ...rotated, usedAt: row?.usedAt });
      ok((row?.usedAt ?? 0) - NOW - LIFE >= 0);
      ok((row?.usedAt ?? 0) - NOW - LIFE < 10);
    },
  }),
];
