import { describe, expect, it } from '@jest/globals';
import { atOnce, Bench, CLIENT, endedAs, LIFE, NOW, type OpenStore, sessionOf, someone } from './bench.js';

/** rotate and markUsed. */
export function describeRotation(open: OpenStore): void {
  describe('rotate', () => {
    const on = new Bench(open);

    it('swaps the live generation for the next and tells the row', async () => {
      const session = await on.open(someone());
      const rotated = await on.rotate(session, session.refTokID, 'next', NOW + 5);
      expect(rotated).toEqual({
        ...{ ...session, ...CLIENT, refTokID: 'next', predecessor: session.refTokID },
        ...{ rotatedAt: NOW + 5, usedAt: null, lastActiveAt: NOW + 5 },
      });
      expect(await on.store.find(session)).toEqual(rotated);
    });

    it('leaves the absolute end where the sign-in put it', async () => {
      const session = await on.open(someone());
      let { refTokID } = session;
      for (let turn = 1; turn <= 5; turn++) {
        const rotated = await on.rotate(session, refTokID, `generation ${turn}`, NOW + turn);
        expect(rotated).toMatchObject({ predecessor: refTokID, expiresAt: session.expiresAt, createdAt: NOW });
        refTokID = `generation ${turn}`;
      }
    });

    it('forgets the first use of the generation before', async () => {
      const session = await on.open(someone());
      await on.rotate(session, session.refTokID, 'second');
      await on.store.markUsed(session, 'second', NOW + 1);
      expect(await on.rotate(session, 'second', 'third', NOW + 2)).toMatchObject({ usedAt: null });
    });

    it('keeps the client it knew where none is told', async () => {
      const session = await on.open(someone());
      const nobody = { userAgent: null, ip: null };
      const bounds = { at: NOW, idleBefore: 0, from: session.refTokID, to: 'next' };
      const { userId, guid } = session;
      const known = { userAgent: session.userAgent, ip: session.ip };
      expect(known).not.toEqual(nobody);
      expect(await on.store.rotate({ userId, guid, ...bounds, ...nobody })).toMatchObject(known);
    });

    it('refuses a generation that is not the live one, and changes nothing', async () => {
      const session = await on.open(someone());
      await on.rotate(session, session.refTokID, 'second');
      const rotated = await on.rotate(session, 'second', 'third');
      for (const from of [session.refTokID, 'second', 'never seen', 'THIRD', ''])
        expect(await on.rotate(session, from, 'fourth', NOW + 9)).toBeUndefined();
      expect(await on.store.find(session)).toEqual(rotated);
    });

    it('refuses an unknown session and that of another user, and changes nothing', async () => {
      const session = await on.open(someone());
      const { refTokID } = session;
      expect(await on.rotate(sessionOf(session.userId), refTokID)).toBeUndefined();
      expect(await on.rotate({ ...session, userId: someone() }, refTokID)).toBeUndefined();
      expect(await on.store.find(session)).toEqual(session);
    });

    it('refuses a session that was ended', async () => {
      const session = await on.open(someone());
      await on.end(session, 'signed_out');
      expect(await on.rotate(session, session.refTokID)).toBeUndefined();
      expect(await on.store.find(session)).toEqual(endedAs(session, 'signed_out'));
    });

    it('refuses a session from the millisecond of its absolute end on', async () => {
      const session = await on.open(someone());
      const { refTokID, expiresAt } = session;
      expect(await on.rotate(session, refTokID, 'next', expiresAt)).toBeUndefined();
      expect(await on.rotate(session, refTokID, 'next', expiresAt + 1)).toBeUndefined();
      expect(await on.store.find(session)).toEqual(session);
      expect(await on.rotate(session, refTokID, 'next', expiresAt - 1)).toMatchObject({ refTokID: 'next' });
    });

    it('refuses a session not active since the idle bound', async () => {
      const session = await on.open(someone());
      const { refTokID, lastActiveAt } = session;
      expect(await on.rotate(session, refTokID, 'next', NOW + 9, lastActiveAt)).toBeUndefined();
      expect(await on.rotate(session, refTokID, 'next', NOW + 9, lastActiveAt + 1)).toBeUndefined();
      expect(await on.store.find(session)).toEqual(session);
      expect(await on.rotate(session, refTokID, 'next', NOW + 9, lastActiveAt - 1)).toMatchObject({ refTokID: 'next' });
    });

    it('lets exactly one of 50 win that swap the same generation at once', async () => {
      const session = await on.open(someone());
      const swaps = await atOnce(50, (index) => on.rotate(session, session.refTokID, `winner ${index}`));
      const winners = swaps.filter((swap) => swap !== undefined);
      expect(winners).toHaveLength(1);
      expect(winners[0]).toMatchObject({ refTokID: `winner ${swaps.indexOf(winners[0])}` });
      expect(await on.store.find(session)).toEqual(winners[0]);
      expect(winners[0]).toMatchObject({ predecessor: session.refTokID, rotatedAt: NOW });
    });

    it('does not outlive an end that came at the same time', async () => {
      for (let round = 0; round < 20; round++) {
        const session = await on.open(someone());
        const { refTokID } = session;
        const swap = () => on.rotate(session, refTokID, 'next');
        const calls = [swap(), on.end(session), swap()];
        const answers = await Promise.all(round % 2 ? calls : calls.reverse());
        expect(answers).toContain('ended');
        const row = await on.store.find(session);
        expect(row).toMatchObject({ endedAt: NOW, endReason: 'revoked' });
        expect(await on.rotate(session, row?.refTokID ?? '')).toBeUndefined();
      }
    });
  });

  describe('markUsed', () => {
    const on = new Bench(open);

    it('records the first use of the live generation, and nothing else', async () => {
      const session = await on.open(someone());
      const rotated = await on.rotate(session, session.refTokID, 'next');
      await on.store.markUsed(session, 'next', NOW + 3);
      expect(await on.store.find(session)).toEqual({ ...rotated, usedAt: NOW + 3 });
    });

    it('keeps the first of two uses', async () => {
      const session = await on.open(someone());
      await on.rotate(session, session.refTokID, 'next');
      await on.store.markUsed(session, 'next', NOW + 3);
      await on.store.markUsed(session, 'next', NOW + 4);
      expect(await on.store.find(session)).toMatchObject({ usedAt: NOW + 3 });
    });

    it('does nothing for a generation that was rotated out, or that never was', async () => {
      const session = await on.open(someone());
      const rotated = await on.rotate(session, session.refTokID, 'next');
      for (const refTokID of [session.refTokID, 'never seen', 'NEXT', ''])
        await on.store.markUsed(session, refTokID, NOW + 3);
      expect(await on.store.find(session)).toEqual(rotated);
    });

    it('does nothing for an unknown session and that of another user', async () => {
      const session = await on.open(someone());
      const rotated = await on.rotate(session, session.refTokID, 'next');
      await on.store.markUsed({ ...session, userId: someone() }, 'next', NOW + 3);
      await on.store.markUsed(sessionOf(session.userId), 'next', NOW + 3);
      expect(await on.store.find(session)).toEqual(rotated);
    });

    it('keeps one of ten uses at once', async () => {
      const session = await on.open(someone());
      const rotated = await on.rotate(session, session.refTokID, 'next');
      await atOnce(10, (index) => on.store.markUsed(session, 'next', NOW + LIFE + index));
      const row = await on.store.find(session);
      expect(row).toEqual({ ...rotated, usedAt: row?.usedAt });
      expect((row?.usedAt ?? 0) - NOW - LIFE).toBeGreaterThanOrEqual(0);
      expect((row?.usedAt ?? 0) - NOW - LIFE).toBeLessThan(10);
    });
  });
}
