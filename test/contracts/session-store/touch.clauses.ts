import { describe, expect, it } from '@jest/globals';
import { Bench, CLIENT, endedAs, LIFE, NOW, type OpenStore, sessionOf, someone } from './bench.js';

const INTERVAL = 60_000;

/** touch. */
export function describeTouch(open: OpenStore): void {
  describe('touch', () => {
    const on = new Bench(open);

    it('moves "last active", user agent and ip, and nothing else', async () => {
      const session = await on.open(someone());
      expect(await on.touch(session, NOW + INTERVAL)).toBe(1);
      expect(await on.store.find(session)).toEqual({ ...session, ...CLIENT, lastActiveAt: NOW + INTERVAL });
    });

    it('leaves a row alone whose "last active" is younger than the interval', async () => {
      const session = await on.open(someone());
      expect(await on.touch(session, NOW + INTERVAL - 1)).toBe(0);
      expect(await on.store.find(session)).toEqual(session);
      expect(await on.touch(session, NOW + INTERVAL)).toBe(1);
      expect(await on.touch(session, NOW + 2 * INTERVAL - 1)).toBe(0);
      expect(await on.touch(session, NOW + 2 * INTERVAL)).toBe(1);
    });

    it('never moves "last active" back', async () => {
      const session = await on.open(someone());
      expect(await on.touch(session, NOW - 1, { touchInterval: 0 })).toBe(0);
      await on.rotate(session, session.refTokID, 'next', NOW + 2 * INTERVAL);
      const noted = [{ ...session, ...CLIENT, at: NOW + INTERVAL }];
      const round = { touchInterval: INTERVAL, at: NOW + 3 * INTERVAL, idleBefore: 0 };
      expect(await on.store.touch(noted, round)).toBe(0);
      expect(await on.store.find(session)).toMatchObject({ lastActiveAt: NOW + 2 * INTERVAL });
    });

    it('does not revive a session that was ended', async () => {
      const session = await on.open(someone());
      await on.end(session);
      expect(await on.touch(session, NOW + INTERVAL)).toBe(0);
      expect(await on.store.find(session)).toEqual(endedAs(session, 'revoked'));
    });

    it('does not revive a session that ran out, also when it was active before that', async () => {
      const session = await on.open(someone());
      const noted = [{ ...session, ...CLIENT, at: session.expiresAt - 1 }];
      const round = { touchInterval: INTERVAL, at: session.expiresAt, idleBefore: 0 };
      expect(await on.store.touch(noted, round)).toBe(0);
      expect(await on.store.find(session)).toEqual(session);
      expect(await on.store.touch(noted, { ...round, at: session.expiresAt - 1 })).toBe(1);
    });

    it('does not revive a session that is idle', async () => {
      const session = await on.open(someone());
      expect(await on.touch(session, NOW + INTERVAL, { idleBefore: NOW + 1 })).toBe(0);
      expect(await on.touch(session, NOW + INTERVAL, { idleBefore: NOW })).toBe(0);
      expect(await on.store.find(session)).toEqual(session);
      expect(await on.touch(session, NOW + INTERVAL, { idleBefore: NOW - 1 })).toBe(1);
    });

    it('touches no unknown session and none of another user', async () => {
      const session = await on.open(someone());
      expect(await on.touch({ ...session, userId: someone() }, NOW + INTERVAL)).toBe(0);
      expect(await on.touch(sessionOf(session.userId), NOW + INTERVAL)).toBe(0);
      expect(await on.store.find(session)).toEqual(session);
    });

    it('writes a batch of 250, each with a client of its own, and counts what it wrote', async () => {
      const users = Array.from({ length: 250 }, someone);
      const sessions = await Promise.all(users.map((user) => on.open(user)));
      await on.end(sessions[100] ?? sessionOf(''));
      const touches = sessions.map(({ userId, guid }, index) => {
        const client = { userAgent: `agent/${index}`, ip: `192.0.2.${index}` };
        return { userId, guid, at: NOW + INTERVAL + index, ...client };
      });
      const round = { touchInterval: INTERVAL, at: NOW + LIFE / 2, idleBefore: 0 };
      expect(await on.store.touch(touches, round)).toBe(249);
      for (const index of [0, 99, 101, 249]) {
        const { userAgent, ip, at, ...key } = touches[index] ?? { ...CLIENT, at: 0, ...sessionOf('') };
        expect(await on.store.find(key)).toMatchObject({ userAgent, ip, lastActiveAt: at });
      }
      expect(await on.store.touch(touches, round)).toBe(0);
    });

    it('writes nothing for an empty batch', async () => {
      expect(await on.store.touch([], { touchInterval: INTERVAL, at: NOW, idleBefore: 0 })).toBe(0);
    });

    it('takes no client it cannot name', async () => {
      const session = await on.open(someone());
      const nobody = { userAgent: null, ip: null };
      const { userId, guid } = session;
      const round = { touchInterval: INTERVAL, at: NOW + INTERVAL, idleBefore: 0 };
      expect(await on.store.touch([{ userId, guid, at: NOW + INTERVAL, ...nobody }], round)).toBe(1);
      expect(await on.store.find(session)).toMatchObject(nobody);
    });

    it('does not undo an end that came at the same time', async () => {
      for (let round = 0; round < 10; round++) {
        const session = await on.open(someone());
        const touch = () => on.touch(session, NOW + INTERVAL);
        await Promise.all(round % 2 ? [touch(), on.end(session)] : [on.end(session), touch()]);
        expect(await on.store.check(session)).toMatchObject({ endedAt: NOW, endReason: 'revoked' });
      }
    });
  });
}
