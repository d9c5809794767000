import { describe, expect, it } from '@jest/globals';
import { Bench, CLIENT, endedAs, guidsOf, LIFE, NOW, type OpenStore, sessionOf, someone } from './bench.js';

/** check, find, list and rename. */
export function describeReading(open: OpenStore): void {
  describe('reading', () => {
    const on = new Bench(open);

    it('finds a session as it was opened, every field of it', async () => {
      const session = await on.open(someone());
      expect(await on.store.find(session)).toEqual(session);
    });

    it('keeps what is absent as null', async () => {
      const session = await on.open(someone(), { name: null, userAgent: null, ip: null });
      expect(await on.store.find(session)).toEqual(session);
    });

    it('checks a session by what a verdict needs', async () => {
      const session = await on.open(someone());
      const { refTokID, lastActiveAt, expiresAt } = session;
      expect(await on.store.check(session)).toMatchObject({
        ...{ refTokID, predecessor: null, rotatedAt: null, usedAt: null },
        ...{ lastActiveAt, expiresAt, endedAt: null, endReason: null },
      });
    });

    it('checks a session as it stands after a rotation, a first use and an end', async () => {
      const session = await on.open(someone());
      await on.rotate(session, session.refTokID, 'next', NOW + 1);
      await on.store.markUsed(session, 'next', NOW + 2);
      await on.end(session, 'signed_out', NOW + 3);
      expect(await on.store.check(session)).toMatchObject({
        ...{ refTokID: 'next', predecessor: session.refTokID, rotatedAt: NOW + 1, usedAt: NOW + 2 },
        ...{ lastActiveAt: NOW + 1, endedAt: NOW + 3, endReason: 'signed_out' },
      });
    });

    it('knows no session that was never opened', async () => {
      const stranger = sessionOf(someone());
      expect(await on.store.find(stranger)).toBeUndefined();
      expect(await on.store.check(stranger)).toBeUndefined();
      expect(await on.store.list(stranger.userId, false)).toEqual([]);
      expect(await on.store.list(stranger.userId, true)).toEqual([]);
    });

    it('answers the guid of another user as an unknown one', async () => {
      const { guid } = await on.open(someone());
      const userId = someone();
      await on.open(userId);
      expect(await on.store.find({ userId, guid })).toBeUndefined();
      expect(await on.store.check({ userId, guid })).toBeUndefined();
    });

    it('changes nothing by reading', async () => {
      const session = await on.open(someone());
      await on.store.check(session);
      await on.store.list(session.userId, false);
      await on.store.list(session.userId, true);
      await on.store.currentTicket();
      expect(await on.store.find(session)).toEqual(session);
    });
  });

  describe('list', () => {
    const on = new Bench(open);

    it('gives the rows of the user that have not been ended, or those that have, and no other', async () => {
      const userId = someone();
      const [live, other, gone] = [await on.open(userId), await on.open(userId), await on.open(userId)];
      await on.open(someone());
      await on.end(gone, 'signed_out', NOW + 5);
      expect(await on.guids(userId)).toEqual(guidsOf(live, other));
      expect(await on.store.list(userId, false)).toEqual(expect.arrayContaining([live, other]));
      expect(await on.store.list(userId, true)).toEqual([endedAs(gone, 'signed_out', NOW + 5)]);
    });

    it('gives a session that ran out with those that have not been ended', async () => {
      const userId = someone();
      const expired = await on.open(userId, { createdAt: NOW - LIFE, expiresAt: NOW - 1 });
      expect(await on.guids(userId)).toEqual([expired.guid]);
      expect(await on.guids(userId, true)).toEqual([]);
    });
  });

  describe('rename', () => {
    const on = new Bench(open);

    it('names a session, and changes nothing else', async () => {
      const session = await on.open(someone());
      expect(await on.store.rename(session, 'Kitchen')).toBe(true);
      expect(await on.store.find(session)).toEqual({ ...session, name: 'Kitchen' });
      expect(await on.store.rename(session, 'Kitchen')).toBe(true);
    });

    it('refuses a session that is unknown, ended or of another user', async () => {
      const session = await on.open(someone());
      expect(await on.store.rename({ ...session, userId: someone() }, 'Mine')).toBe(false);
      expect(await on.store.rename(sessionOf(session.userId), 'Mine')).toBe(false);
      expect(await on.store.find(session)).toEqual(session);
      await on.end(session);
      expect(await on.store.rename(session, 'Mine')).toBe(false);
      expect(await on.store.find(session)).toEqual(endedAs(session, 'revoked'));
    });

    it('leaves the name alone in a rotation and a touch', async () => {
      const session = await on.open(someone());
      await on.store.rename(session, 'Kitchen');
      await on.rotate(session, session.refTokID);
      await on.touch(session, NOW + LIFE / 2);
      expect(await on.store.find(session)).toMatchObject({ name: 'Kitchen', ...CLIENT });
    });
  });
}
