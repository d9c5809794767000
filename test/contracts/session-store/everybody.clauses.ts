import { beforeEach, describe, expect, it } from '@jest/globals';
import { isCutOff } from '../../../src/sessions/cutoff.js';
import { atOnce, Bench, endedAs, LIFE, NO_LIMITS, NOW, type OpenStore, sessionOf, someone } from './bench.js';
import { cutOffWhole } from '../../support/cut-off.js';

const CUT_OFF = { opened: false, why: 'cut_off' };

/** cutOff of everybody. */
export function describeEverybody(open: OpenStore): void {
  describe('cutOff of everybody', () => {
    const on = new Bench(open);
    // Whatever the test before left alive is over, and does not count.
    beforeEach(() => on.cutOff(null));

    it('ends every session of every user, with a time and a reason', async () => {
      const user = someone();
      const sessions = [await on.open(user), await on.open(user), await on.open(someone())];
      expect(await on.cutOff(null, undefined, 'credentials_changed', NOW + 5)).toBe(3);
      for (const session of sessions) {
        expect(await on.store.find(session)).toEqual(endedAs(session, 'credentials_changed', NOW + 5));
      }
      expect(await on.cutOff(null)).toBe(0);
    });

    it('counts no session that is over, and writes down the ends that came by time', async () => {
      const idleBefore = NOW - 1000;
      const live = await on.open(someone(), { lastActiveAt: idleBefore + 1 });
      const ended = await on.open(someone());
      await on.end(ended, 'signed_out', NOW - 1);
      const expired = await on.open(someone(), { expiresAt: NOW });
      const idle = await on.open(someone(), { lastActiveAt: idleBefore });
      expect(await cutOffWhole(on.store, { userId: null, reason: 'revoked_all', at: NOW, idleBefore })).toBe(1);
      expect(await on.store.find(live)).toEqual(endedAs(live, 'revoked_all'));
      expect(await on.store.find(ended)).toEqual(endedAs(ended, 'signed_out', NOW - 1));
      expect(await on.store.find(expired)).toEqual(endedAs(expired, 'expired', expired.expiresAt));
      expect(await on.store.find(idle)).toEqual(endedAs(idle, 'idle', NOW));
    });

    it('refuses a ticket drawn before it, of a user who was here and of one who was not', async () => {
      const [here, ticket] = [await on.open(someone()), await on.store.currentTicket()];
      await on.cutOff(null);
      for (const userId of [here.userId, someone()]) {
        const late = sessionOf(userId, { ticket, createdAt: NOW + LIFE, expiresAt: NOW + 2 * LIFE });
        expect(await on.store.open(late, NO_LIMITS)).toEqual(CUT_OFF);
        expect(await on.store.find(late)).toBeUndefined();
      }
    });

    it('lets no session renew from the moment it is stored, before any has ended', async () => {
      const session = await on.open(someone());
      const ending = { userId: null, reason: 'revoked_all', at: NOW, idleBefore: 0 } as const;
      const { mark } = await on.store.cutOff(ending);
      expect(await on.store.find(session)).toMatchObject({ endedAt: null });
      expect(await on.rotate(session, session.refTokID, 'next')).toBeUndefined();
      expect((await on.store.endBatch({ ...ending, mark })).ended).toBe(1);
    });

    it('accepts a ticket drawn after it, in the same millisecond, and leaves its session alone', async () => {
      const user = someone();
      await on.open(user);
      await on.cutOff(null);
      const next = await on.open(user);
      expect(await on.store.find(next)).toEqual(next);
      expect(await on.guids(user)).toEqual([next.guid]);
    });

    it('is the mark of every session there is, and of any other', async () => {
      const session = await on.open(someone());
      await on.cutOff(null);
      const mark = { ticket: await on.store.currentTicket(), kept: null };
      expect(await on.store.cutoffOf(session)).toEqual(mark);
      expect(await on.markOf(someone())).toEqual(mark);
      await on.cutOff(session.userId);
      expect(await on.markOf(someone())).toEqual(mark);
    });

    it('keeps nothing that a user had kept', async () => {
      const kept = await on.open(someone());
      await on.cutOff(kept.userId, kept.guid);
      expect(isCutOff(await on.store.cutoffOf(kept), kept)).toBe(false);
      expect(await on.cutOff(null)).toBe(1);
      expect(isCutOff(await on.store.cutoffOf(kept), kept)).toBe(true);
      expect(await on.guids(kept.userId)).toEqual([]);
      await on.cutOff(kept.userId, kept.guid);
      expect(isCutOff(await on.store.cutoffOf(kept), kept)).toBe(true);
    });

    it('lets a user keep a session from after it', async () => {
      await on.cutOff(null);
      const kept = await on.open(someone());
      await on.open(kept.userId);
      expect(await on.cutOff(kept.userId, kept.guid)).toBe(1);
      expect(await on.store.cutoffOf(kept)).toEqual({ ticket: await on.store.currentTicket(), kept: kept.guid });
      expect(await on.guids(kept.userId)).toEqual([kept.guid]);
    });

    it('leaves alone what is newer than its number', async () => {
      const newer = await on.open(someone(), { ticket: 2 ** 52 });
      const old = await on.open(newer.userId);
      expect(await on.cutOff(null)).toBe(1);
      expect(await on.guids(newer.userId)).toEqual([newer.guid]);
      expect(isCutOff(await on.store.cutoffOf(newer), newer)).toBe(false);
      expect(await on.guids(old.userId, true)).toEqual([old.guid]);
    });

    it('leaves no sign-in alive that raced it with a ticket from before it', async () => {
      for (let round = 0; round < 5; round++) {
        const ticket = await on.store.currentTicket();
        const sessions = Array.from({ length: 24 }, () => sessionOf(someone(), { ticket }));
        const signIns = sessions.map((session) => on.store.open(session, NO_LIMITS));
        const [count] = await Promise.all([on.cutOff(null), ...signIns]);
        const opened = (await Promise.all(signIns)).filter((outcome) => outcome.opened);
        expect(count).toBe(opened.length);
        for (const { userId } of sessions) expect(await on.guids(userId)).toEqual([]);
      }
    });

    it('is not outlived by what users keep at the same time', async () => {
      for (let round = 0; round < 5; round++) {
        const sessions = await atOnce(8, () => on.open(someone()));
        const keeping = sessions.map(({ userId, guid }) => on.cutOff(userId, guid));
        await Promise.all(round % 2 ? [...keeping, on.cutOff(null)] : [on.cutOff(null), ...keeping]);
        for (const session of sessions) {
          expect(await on.guids(session.userId)).toEqual([]);
          expect(isCutOff(await on.store.cutoffOf(session), session)).toBe(true);
        }
      }
    });

    it('ends each session once when several are made at once, and the latest is the mark', async () => {
      await atOnce(6, () => on.open(someone()));
      const counts = await atOnce(5, () => on.cutOff(null));
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(6);
      expect(await on.markOf(someone())).toEqual({ ticket: await on.store.currentTicket(), kept: null });
    });
  });
}
