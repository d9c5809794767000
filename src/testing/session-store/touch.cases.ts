import { equal, matches } from '../assertions.js';
import { clauses } from './store-case.js';
import { CLIENT, endedAs, LIFE, NOW, sessionOf, someone } from './session-fixtures.js';

const INTERVAL = 60_000;

/** The cases about touch. */
export const touchCases = [
  ...clauses('touch', {
    'moves "last active", user agent and ip, and nothing else': async (on) => {
      const session = await on.open(someone());
      equal(await on.touch(session, NOW + INTERVAL), 1);
      equal(await on.store.find(session), { ...session, ...CLIENT, lastActiveAt: NOW + INTERVAL });
    },

    'does not write a row whose "last active" is younger than the interval': async (on) => {
      const session = await on.open(someone());
      equal(await on.touch(session, NOW + INTERVAL - 1), 0);
      equal(await on.store.find(session), session);
      equal(await on.touch(session, NOW + INTERVAL), 1);
      equal(await on.touch(session, NOW + 2 * INTERVAL - 1), 0);
      equal(await on.touch(session, NOW + 2 * INTERVAL), 1);
    },

    'never moves "last active" back': async (on) => {
      const session = await on.open(someone());
      equal(await on.touch(session, NOW - 1, { touchInterval: 0 }), 0);
      await on.rotate(session, session.refTokID, 'next', NOW + 2 * INTERVAL);
      const noted = [{ ...session, ...CLIENT, at: NOW + INTERVAL }];
      const round = { touchInterval: INTERVAL, at: NOW + 3 * INTERVAL, idleBefore: 0 };
      equal(await on.store.touch(noted, round), 0);
      matches(await on.store.find(session), { lastActiveAt: NOW + 2 * INTERVAL });
    },

    'does not revive a session that was ended': async (on) => {
      const session = await on.open(someone());
      await on.end(session);
      equal(await on.touch(session, NOW + INTERVAL), 0);
      equal(await on.store.find(session), endedAs(session, 'revoked'));
    },

    'does not revive an expired session, even if it was active before it expired': async (on) => {
      const session = await on.open(someone());
      const noted = [{ ...session, ...CLIENT, at: session.expiresAt - 1 }];
      const round = { touchInterval: INTERVAL, at: session.expiresAt, idleBefore: 0 };
      equal(await on.store.touch(noted, round), 0);
      equal(await on.store.find(session), session);
      equal(await on.store.touch(noted, { ...round, at: session.expiresAt - 1 }), 1);
    },

    'does not revive a session that is idle': async (on) => {
      const session = await on.open(someone());
      equal(await on.touch(session, NOW + INTERVAL, { idleBefore: NOW + 1 }), 0);
      equal(await on.touch(session, NOW + INTERVAL, { idleBefore: NOW }), 0);
      equal(await on.store.find(session), session);
      equal(await on.touch(session, NOW + INTERVAL, { idleBefore: NOW - 1 }), 1);
    },

    'touches neither an unknown session nor one of another user': async (on) => {
      const session = await on.open(someone());
      equal(await on.touch({ ...session, userId: someone() }, NOW + INTERVAL), 0);
      equal(await on.touch(sessionOf(session.userId), NOW + INTERVAL), 0);
      equal(await on.store.find(session), session);
    },

    'writes a batch of 250, each with its own client, and counts what it wrote': async (on) => {
      const users = Array.from({ length: 250 }, someone);
      const sessions = await Promise.all(users.map((user) => on.open(user)));
      await on.end(sessions[100] ?? sessionOf(''));
      const touches = sessions.map(({ userId, guid }, index) => {
        const client = { userAgent: `agent/${index}`, ip: `192.0.2.${index}` };
        return { userId, guid, at: NOW + INTERVAL + index, ...client };
      });
      const round = { touchInterval: INTERVAL, at: NOW + LIFE / 2, idleBefore: 0 };
      equal(await on.store.touch(touches, round), 249);
      for (const index of [0, 99, 101, 249]) {
        const { userAgent, ip, at, ...key } = touches[index] ?? { ...CLIENT, at: 0, ...sessionOf('') };
        matches(await on.store.find(key), { userAgent, ip, lastActiveAt: at });
      }
      equal(await on.store.touch(touches, round), 0);
    },

    'writes nothing for an empty batch': async (on) => {
      equal(await on.store.touch([], { touchInterval: INTERVAL, at: NOW, idleBefore: 0 }), 0);
    },

    'stores null for an unknown client': async (on) => {
      const session = await on.open(someone());
      const nobody = { userAgent: null, ip: null };
      const { userId, guid } = session;
      const round = { touchInterval: INTERVAL, at: NOW + INTERVAL, idleBefore: 0 };
      equal(await on.store.touch([{ userId, guid, at: NOW + INTERVAL, ...nobody }], round), 1);
      matches(await on.store.find(session), nobody);
    },

    'does not undo an end that comes at the same time': async (on) => {
      for (let round = 0; round < 10; round++) {
        const session = await on.open(someone());
        const touch = () => on.touch(session, NOW + INTERVAL);
        await Promise.all(round % 2 ? [touch(), on.end(session)] : [on.end(session), touch()]);
        matches(await on.store.check(session), { endedAt: NOW, endReason: 'revoked' });
      }
    },
  }),
];
