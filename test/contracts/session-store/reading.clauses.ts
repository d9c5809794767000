import { describe, expect, it } from '@jest/globals';
import type { Session } from '../../../src/sessions/session.js';
import { wholePage } from '../../support/cut-off.js';
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
      expect(await on.list(stranger.userId, false)).toEqual([]);
      expect(await on.list(stranger.userId, true)).toEqual([]);
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
      await on.list(session.userId, false);
      await on.list(session.userId, true);
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
      expect(await on.list(userId, false)).toEqual(expect.arrayContaining([live, other]));
      expect(await on.list(userId, true)).toEqual([endedAs(gone, 'signed_out', NOW + 5)]);
    });

    it('gives a session that time ended with those that ended, though nobody wrote that down', async () => {
      const userId = someone();
      const idleBefore = NOW - 1000;
      const expired = await on.open(userId, { createdAt: NOW - LIFE, expiresAt: NOW - 7, lastActiveAt: NOW });
      const idle = await on.open(userId, { lastActiveAt: idleBefore - 5 });
      const live = await on.open(userId, { lastActiveAt: idleBefore + 1 });
      const page = wholePage(NOW, idleBefore);
      expect(await on.store.list(userId, false, page)).toEqual([live]);
      expect(await on.store.list(userId, true, page)).toEqual([idle, expired]);
    });

    it('gives live ones a page at a time, opened last first, however they are used meanwhile', async () => {
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
        expect(page).toHaveLength(2);
        seen.push(...page.map(({ guid }) => guid));
        after = page[1];
        await on.touch(page[0] as Session, NOW + seen.length, { touchInterval: 0 });
      }
      const [first, second, third, fourth, fifth] = sessions.map(({ guid }) => guid);
      const ties = [third, tied.guid].sort().reverse();
      expect(seen).toEqual([fifth, fourth, ...ties, second, first]);
    });

    it('gives ended ones a page at a time, ended last first, with those that time ended in their places', async () => {
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
      expect(seen).toEqual([written[1], expired.guid, written[0], older.guid, written[2]]);
    });

    it('gives sessions that ended in one moment each once, whatever the page', async () => {
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
      expect(seen).toEqual(sessions.map(({ guid }) => guid).reverse());
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
