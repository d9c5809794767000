import { describe, expect, it } from '@jest/globals';
import type { Session } from '../../../src/sessions/session.js';
import { atOnce, Bench, endedAs, guidsOf, NO_LIMITS, NOW, type OpenStore, sessionOf, someone } from './bench.js';
import { cutOffWhole } from '../../support/cut-off.js';

/** currentTicket and cutOff. */
export function describeCutOff(open: OpenStore): void {
  describe('cutOff', () => {
    const on = new Bench(open);

    it('ends every session of the user, and of no other', async () => {
      const userId = someone();
      const [first, second] = [await on.open(userId), await on.open(userId)];
      const others = await on.open(someone());
      expect(await on.cutOff(userId, undefined, 'credentials_changed', NOW + 5)).toBe(2);
      expect(await on.store.find(first)).toEqual(endedAs(first, 'credentials_changed', NOW + 5));
      expect(await on.store.find(second)).toEqual(endedAs(second, 'credentials_changed', NOW + 5));
      expect(await on.store.find(others)).toEqual(others);
    });

    it('finds nothing to end for a user without sessions', async () => {
      expect(await on.cutOff(someone())).toBe(0);
    });

    it('gives every cutoff a number of its own, and never an older one', async () => {
      const tickets = [await on.store.currentTicket()];
      for (let turn = 0; turn < 3; turn++) {
        await on.cutOff(someone());
        tickets.push(await on.store.currentTicket());
      }
      const [, second = 0] = tickets;
      await atOnce(10, () => on.cutOff(someone()));
      tickets.push(await on.store.currentTicket());
      expect(new Set(tickets).size).toBe(5);
      expect([...tickets].sort((a, b) => a - b)).toEqual(tickets);
      expect(second).toBeGreaterThan(0);
      expect(tickets.every(Number.isSafeInteger)).toBe(true);
    });

    it('counts no session that is over, and writes down the ends that came by time', async () => {
      const userId = someone();
      const idleBefore = NOW - 1000;
      const live = await on.open(userId, { lastActiveAt: idleBefore + 1 });
      const ended = await on.open(userId);
      await on.end(ended, 'signed_out', NOW - 1);
      const expired = await on.open(userId, { expiresAt: NOW });
      const idle = await on.open(userId, { lastActiveAt: idleBefore });
      expect(await cutOffWhole(on.store, { userId, reason: 'revoked_all', at: NOW, idleBefore })).toBe(1);
      expect(await on.store.find(live)).toEqual(endedAs(live, 'revoked_all'));
      expect(await on.store.find(ended)).toEqual(endedAs(ended, 'signed_out', NOW - 1));
      expect(await on.store.find(expired)).toEqual(endedAs(expired, 'expired', expired.expiresAt));
      expect(await on.store.find(idle)).toEqual(endedAs(idle, 'idle', NOW));
    });

    it('ends what has an older ticket than its own, and no sign-in from after it', async () => {
      const userId = someone();
      const ticket = await on.store.currentTicket();
      const older = await on.open(userId, { ticket });
      const newer = await on.open(userId, { ticket: ticket + 1000 });
      expect(await on.cutOff(userId)).toBe(1);
      expect(await on.guids(userId)).toEqual([newer.guid]);
      expect(await on.guids(userId, true)).toEqual([older.guid]);
    });

    it('lets no session renew from the moment it is stored, before any has ended', async () => {
      const session = await on.open(someone());
      const { userId, refTokID } = session;
      const ending = { reason: 'revoked_all', at: NOW, idleBefore: 0 } as const;
      const { mark } = await on.store.cutOff({ userId, ...ending });
      expect(await on.store.find(session)).toMatchObject({ endedAt: null });
      expect(await on.rotate(session, refTokID, 'next')).toBeUndefined();
      const next = await on.open(userId);
      expect(await on.rotate(next, next.refTokID, 'next')).toMatchObject({ refTokID: 'next' });
      await on.store.endBatch({ userId, mark, ...ending });
      expect(await on.store.find(session)).toMatchObject({ endReason: 'revoked_all' });
      expect(await on.guids(userId)).toEqual([next.guid]);
    });

    it('ends in batches what was there, and no sign-in that comes between', async () => {
      const userId = someone();
      const old = await on.openInTurn(userId, 3);
      const ending = { reason: 'revoked_all', at: NOW, idleBefore: 0 } as const;
      const { mark } = await on.store.cutOff({ userId, ...ending });
      const between = await on.open(userId);
      expect((await on.store.endBatch({ userId, mark, ...ending })).ended).toBe(3);
      expect((await on.store.endBatch({ userId, mark, ...ending })).ended).toBe(0);
      expect(await on.guids(userId, true)).toEqual(guidsOf(...old));
      expect(await on.guids(userId)).toEqual([between.guid]);
    });

    it('keeps no session that another cutoff covers and has not ended yet', async () => {
      const [first, second] = await on.openInTurn(someone(), 2);
      const { userId, guid } = first as Session;
      const ending = { reason: 'revoked', at: NOW, idleBefore: 0 } as const;
      await on.store.cutOff({ userId, ...ending });
      expect(await on.cutOff(userId, guid)).toBe(2);
      expect(await on.guids(userId, true)).toEqual(guidsOf(first as Session, second as Session));
      expect((await on.markOf(userId)).kept).toBeNull();
    });

    it('leaves the session to keep, and keeps it through the next cutoffs too', async () => {
      const userId = someone();
      const kept = await on.open(userId);
      await on.open(userId);
      expect(await on.cutOff(userId, kept.guid, 'revoked')).toBe(1);
      await on.open(userId);
      expect(await on.cutOff(userId, kept.guid, 'revoked')).toBe(1);
      expect(await on.cutOff(userId, kept.guid, 'revoked')).toBe(0);
      const row = await on.store.find(kept);
      expect(row).toEqual({ ...kept, ticket: row?.ticket });
      expect(await on.guids(userId)).toEqual(guidsOf(kept));
    });

    it('keeps a session only for the cutoff that names it', async () => {
      const userId = someone();
      const [first, second] = [await on.open(userId), await on.open(userId)];
      expect(await on.cutOff(userId, first.guid)).toBe(1);
      const third = await on.open(userId);
      expect(await on.cutOff(userId, third.guid)).toBe(1);
      expect(await on.guids(userId)).toEqual(guidsOf(third));
      expect(await on.cutOff(userId)).toBe(1);
      expect(await on.guids(userId, true)).toEqual(guidsOf(first, second, third));
    });

    it('lets the kept session be renewed, renamed and ended as before', async () => {
      const kept = await on.open(someone());
      await on.cutOff(kept.userId, kept.guid);
      expect(await on.rotate(kept, kept.refTokID, 'next')).toMatchObject({ refTokID: 'next' });
      expect(await on.store.rename(kept, 'Kept')).toBe(true);
      expect(await on.end(kept)).toBe('ended');
    });

    it('does not bring back a session to keep that is over', async () => {
      const userId = someone();
      const [ended, live] = [await on.open(userId), await on.open(userId)];
      await on.end(ended, 'signed_out');
      expect(await on.cutOff(userId, ended.guid)).toBe(1);
      expect(await on.store.find(ended)).toMatchObject({ endedAt: NOW, endReason: 'signed_out' });
      expect(await on.guids(userId, true)).toEqual(guidsOf(ended, live));
    });

    it.each([
      ['unknown', () => sessionOf(someone()).guid],
      ['empty', () => ''],
    ])('ends all when the session to keep is %s', async (_, keep) => {
      const session = await on.open(someone());
      expect(await on.cutOff(session.userId, keep())).toBe(1);
    });

    it('neither keeps nor touches the session of another user', async () => {
      const [mine, others] = [await on.open(someone()), await on.open(someone())];
      expect(await on.cutOff(mine.userId, others.guid)).toBe(1);
      expect(await on.store.find(others)).toEqual(others);
      expect(await on.cutOff(others.userId)).toBe(1);
    });

    it('ends each session once when ten cut the user off at once', async () => {
      const userId = someone();
      await atOnce(5, () => on.open(userId));
      const counts = await atOnce(10, () => on.cutOff(userId));
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(5);
      expect(await on.guids(userId)).toEqual([]);
    });

    it('ends a session that was renewed at the same time', async () => {
      for (let round = 0; round < 10; round++) {
        const session = await on.open(someone());
        const { userId, refTokID } = session;
        const swap = () => on.rotate(session, refTokID);
        await Promise.all(round % 2 ? [swap(), on.cutOff(userId)] : [on.cutOff(userId), swap()]);
        expect(await on.guids(userId)).toEqual([]);
      }
    });

    it('is not held up by cutoffs of others, and the sign-in after it lives', async () => {
      const users = Array.from({ length: 10 }, someone);
      for (const user of users) await on.open(user);
      const next = await Promise.all(
        users.map(async (user) => {
          await on.cutOff(user);
          const session = sessionOf(user, { ticket: await on.store.currentTicket() });
          expect(await on.store.open(session, NO_LIMITS)).toMatchObject({ opened: true });
          return session;
        }),
      );
      for (const session of next) expect(await on.guids(session.userId)).toEqual([session.guid]);
    });

    it('leaves a mark that names the session it kept, and only a live one', async () => {
      const userId = someone();
      expect(await on.markOf(userId)).toEqual({ ticket: 0, kept: null });
      const [kept, other] = [await on.open(userId), await on.open(userId)];
      await on.cutOff(userId, kept.guid);
      const first = await on.store.currentTicket();
      expect(await on.markOf(userId)).toEqual({ ticket: first, kept: kept.guid });
      await on.cutOff(userId, other.guid);
      const second = await on.store.currentTicket();
      expect(second).toBeGreaterThan(first);
      expect(await on.markOf(userId)).toEqual({ ticket: second, kept: null });
      expect((await on.store.find(other))?.ticket).toBe(other.ticket);
      await on.cutOff(userId);
      const third = await on.store.currentTicket();
      expect(third).toBeGreaterThan(second);
      expect(await on.markOf(userId)).toEqual({ ticket: third, kept: null });
      expect(await on.markOf(someone())).toEqual({ ticket: 0, kept: null });
    });

    it('keeps one session or none, of many that are cut off and kept at once', async () => {
      const userId = someone();
      const sessions = await on.openInTurn(userId, 4);
      await atOnce(12, (index) => on.cutOff(userId, sessions[index % 5]?.guid));
      const { ticket, kept } = await on.markOf(userId);
      const live = await on.guids(userId);
      // Whatever the mark keeps is live, and whatever is live is kept or was lifted above it.
      if (kept !== null) expect(live).toContain(kept);
      const rows = await on.list(userId, false);
      for (const row of rows) expect(row.ticket >= ticket || row.guid === kept).toBe(true);
    });
  });
}
