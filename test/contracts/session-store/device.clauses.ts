import { describe, expect, it } from '@jest/globals';
import type { SessionKey } from '../../../src/sessions/session-store.js';
import { Bench, endedAs, NOW, type OpenStore, sessionOf, someone } from './bench.js';

const ALL = { ticket: Number.MAX_SAFE_INTEGER, kept: null };
const NONE = { ticket: 0, kept: null };

/** end, with the access tokens of the session. */
export function describeDeviceCutoff(open: OpenStore): void {
  describe('end with a cutoff of the one session', () => {
    const on = new Bench(open);
    const cut = ({ userId, guid }: SessionKey, cutUntil: number, at = NOW) =>
      on.store.end({ userId, guid }, { reason: 'revoked', at, idleBefore: 0, cutUntil });
    const prune = (at: number) => on.store.purge({ at, deadBefore: 0, idleTimeout: null, limit: 10 });

    it('ends it and covers all of its tokens, and no others', async () => {
      const session = await on.open(someone());
      const sibling = await on.open(session.userId);
      expect(await cut(session, NOW + 10)).toBe('ended');
      expect(await on.store.find(session)).toEqual(endedAs(session, 'revoked'));
      expect(await on.store.cutoffOf(session)).toEqual(ALL);
      expect(await on.store.cutoffOf(sibling)).toEqual(NONE);
      expect(await on.store.find(sibling)).toEqual(sibling);
    });

    it('is not made by an end that asks for none', async () => {
      const session = await on.open(someone());
      await on.end(session);
      expect(await on.store.cutoffOf(session)).toEqual(NONE);
    });

    it('is made for a session that had ended, or was over by time, and ends it no more', async () => {
      const [ended, expired] = [await on.open(someone()), await on.open(someone(), { expiresAt: NOW })];
      await on.end(ended, 'signed_out', NOW - 1);
      for (const session of [ended, expired]) {
        expect(await cut(session, NOW + 10)).toBe('over');
        expect(await on.store.cutoffOf(session)).toEqual(ALL);
      }
      expect(await on.store.find(ended)).toEqual(endedAs(ended, 'signed_out', NOW - 1));
      expect(await on.store.find(expired)).toEqual(endedAs(expired, 'expired', NOW));
    });

    it('is not made for a session of somebody else, or for one that there is not', async () => {
      const session = await on.open(someone());
      const stranger = { userId: someone(), guid: session.guid };
      expect(await cut(stranger, NOW + 10)).toBe('unknown');
      expect(await on.store.cutoffOf(session)).toEqual(NONE);
      const unknown = sessionOf(session.userId);
      expect(await cut(unknown, NOW + 10)).toBe('unknown');
      expect(await on.store.cutoffOf(unknown)).toEqual(NONE);
    });

    it('outlives the cutoffs of its user that keep the session', async () => {
      const session = await on.open(someone());
      await cut(session, NOW + 10);
      await on.cutOff(session.userId, session.guid);
      expect(await on.store.cutoffOf(session)).toEqual(ALL);
    });

    it('is kept until its time is over, and deleted by the purge after it', async () => {
      const session = await on.open(someone());
      await cut(session, NOW + 10);
      await cut(session, NOW + 5);
      await prune(NOW + 10);
      expect(await on.store.cutoffOf(session)).toEqual(ALL);
      await prune(NOW + 11);
      expect(await on.store.cutoffOf(session)).toEqual(NONE);
      expect(await on.store.find(session)).toEqual(endedAs(session, 'revoked'));
    });
  });
}
