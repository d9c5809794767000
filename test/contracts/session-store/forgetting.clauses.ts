import { describe, expect, it } from '@jest/globals';
import { Bench, endedAs, NOW, type OpenStore, someone } from './bench.js';

/** forget. */
export function describeForgetting(open: OpenStore): void {
  describe('forget', () => {
    const on = new Bench(open);

    it('deletes every row of the user, live and ended, and says how many', async () => {
      const session = await on.open(someone());
      const { userId } = session;
      for (let more = 0; more < 3; more++) await on.open(userId);
      await on.end(session);
      expect(await on.store.forget(userId)).toBe(4);
      expect([await on.guids(userId), await on.guids(userId, true)]).toEqual([[], []]);
      expect([await on.store.find(session), await on.store.check(session)]).toEqual([undefined, undefined]);
      expect(await on.store.forget(userId)).toBe(0);
    });

    it('leaves the rows of everybody else', async () => {
      const [gone, other] = [await on.open(someone()), await on.open(someone())];
      const ended = await on.open(other.userId);
      await on.end(ended, 'signed_out');
      await on.store.forget(gone.userId);
      expect(await on.store.find(other)).toEqual(other);
      expect(await on.store.find(ended)).toEqual(endedAs(ended, 'signed_out'));
    });

    it('lets nothing bring a row back: no rotation, no touch, no name', async () => {
      const session = await on.open(someone());
      await on.store.forget(session.userId);
      expect(await on.rotate(session, session.refTokID)).toBeUndefined();
      expect(await on.touch(session, NOW + 100_000)).toBe(0);
      expect(await on.store.rename(session, 'name')).toBe(false);
      expect(await on.end(session)).toBe('unknown');
      expect(await on.store.find(session)).toBeUndefined();
    });

    it('leaves the cutoff of the user: a sign-in from before it stays refused', async () => {
      const session = await on.open(someone());
      await on.cutOff(session.userId);
      await on.store.forget(session.userId);
      const late = { ...session, guid: '00000000-0000-4000-8000-000000000000' };
      expect(await on.store.open(late, { maxSessions: null, whenFull: 'evict', idleBefore: 0 })).toMatchObject({
        opened: false,
        why: 'cut_off',
      });
    });
  });
}
