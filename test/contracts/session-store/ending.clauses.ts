import { describe, expect, it } from '@jest/globals';
import { atOnce, Bench, endedAs, guidsOf, NOW, type OpenStore, sessionOf, someone } from './bench.js';

/** end. */
export function describeEnding(open: OpenStore): void {
  describe('end', () => {
    const on = new Bench(open);

    it('ends one session with a time and a reason, and no other', async () => {
      const session = await on.open(someone());
      const sibling = await on.open(session.userId);
      expect(await on.end(session, 'signed_out', NOW + 5)).toBe('ended');
      expect(await on.store.find(session)).toEqual(endedAs(session, 'signed_out', NOW + 5));
      expect(await on.store.find(sibling)).toEqual(sibling);
    });

    it('ends a session once: a second end leaves time and reason', async () => {
      const session = await on.open(someone());
      await on.end(session, 'signed_out', NOW + 5);
      expect(await on.end(session, 'revoked', NOW + 6)).toBe('over');
      expect(await on.store.find(session)).toEqual(endedAs(session, 'signed_out', NOW + 5));
    });

    it('tells one of 20 that end a session at once that it did', async () => {
      const session = await on.open(someone());
      const answers = await atOnce(20, (index) => on.end(session, 'revoked', NOW + index));
      expect(answers.filter((answer) => answer !== 'over')).toEqual(['ended']);
      expect(await on.store.find(session)).toEqual(endedAs(session, 'revoked', NOW + answers.indexOf('ended')));
    });

    it.each([0, 1])('writes down an absolute end that came %i ms ago, for good', async (ago) => {
      const session = await on.open(someone());
      expect(await on.end(session, 'revoked', session.expiresAt + ago)).toBe('over');
      expect(await on.store.find(session)).toEqual(endedAs(session, 'expired', session.expiresAt));
      // A clock that runs behind asks again.
      expect(await on.end(session, 'revoked', session.expiresAt - 1)).toBe('over');
      expect(await on.store.find(session)).toEqual(endedAs(session, 'expired', session.expiresAt));
    });

    it('ends a session until the millisecond of its absolute end', async () => {
      const session = await on.open(someone());
      expect(await on.end(session, 'revoked', session.expiresAt - 1)).toBe('ended');
    });

    it.each([0, 1])('writes down an idle end that came %i ms ago, for good', async (ago) => {
      const session = await on.open(someone());
      const [at, idleBefore] = [NOW + 9, session.lastActiveAt + ago];
      expect(await on.end(session, 'revoked', at, idleBefore)).toBe('over');
      expect(await on.store.find(session)).toEqual(endedAs(session, 'idle', at - ago));
      expect(await on.end(session, 'revoked', at, session.lastActiveAt - 1)).toBe('over');
    });

    it('ends a session that was active since the idle bound', async () => {
      const session = await on.open(someone());
      expect(await on.end(session, 'revoked', NOW + 9, session.lastActiveAt - 1)).toBe('ended');
    });

    it('ends no unknown session and none of another user', async () => {
      const session = await on.open(someone());
      expect(await on.end({ ...session, userId: someone() })).toBe('unknown');
      expect(await on.end(sessionOf(session.userId))).toBe('unknown');
      expect(await on.store.find(session)).toEqual(session);
    });

    it('moves the session from the live to the ended', async () => {
      const [first, second] = [await on.open(someone()), await on.open(someone())];
      await on.end(first);
      expect([await on.guids(first.userId), await on.guids(first.userId, true)]).toEqual([[], guidsOf(first)]);
      expect([await on.guids(second.userId), await on.guids(second.userId, true)]).toEqual([guidsOf(second), []]);
    });
  });
}
