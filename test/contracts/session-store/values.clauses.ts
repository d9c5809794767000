import { describe, expect, it } from '@jest/globals';
import { Bench, guidsOf, type OpenStore, someone } from './bench.js';

const TEXTS: [string, string][] = [
  ['emoji', '👩‍👩‍👧 phone 🧑🏽‍💻'],
  ['quotes', `O'Brien's "best" \`phone\``],
  ['SQL', `'); DROP TABLE sessions; --`],
  ['question marks', `? ?? $1 :name @p`],
  ['backslashes and percent signs', '\\ \\\' \\" %s % _'],
  ['other scripts', 'Ünïcode 電話 هاتف телефон'],
  ['blanks at both ends', '  phone  '],
];
/** Pairs that are two different users, whatever a database takes for equal. */
const PAIRS: [string, (userId: string) => [string, string]][] = [
  ['case', (user) => [`${user}-ada`, `${user}-ADA`]],
  ['a trailing space', (user) => [user, `${user} `]],
  ['an accent', (user) => [`${user}-e`, `${user}-é`]],
  ['the form of an accent', (user) => [`${user}-é`, `${user}-e\u0301`]],
  ['leading zeros', () => ['007', '7']],
  ['the form of a number', () => ['1', '1.0']],
];
/** A millisecond of the year 9999. */
const FAR = 253_402_300_799_999;

/** Which texts and numbers come back as they went in. */
export function describeValues(open: OpenStore): void {
  describe('values', () => {
    const on = new Bench(open);

    it.each(TEXTS)('keeps names and user agents with %s', async (_, text) => {
      const session = await on.open(someone(), { name: text, userAgent: text });
      expect(await on.store.find(session)).toEqual(session);
      const { userId, guid } = session;
      const renewal = { from: session.refTokID, to: 'next', at: session.createdAt, idleBefore: 0 };
      const rotated = await on.store.rotate({ userId, guid, ...renewal, userAgent: text, ip: null });
      expect(rotated).toMatchObject({ userAgent: text, name: text });
      await on.store.rename(session, `${text}!`);
      expect(await on.store.find(session)).toMatchObject({ name: `${text}!` });
    });

    it.each(TEXTS)('keeps user ids with %s', async (_, text) => {
      const session = await on.open(`${text} ${someone()} ${text}`);
      expect(await on.list(session.userId, false)).toEqual([session]);
      expect(await on.cutOff(session.userId)).toBe(1);
      expect(await on.list(session.userId, true)).toMatchObject([{ userId: session.userId }]);
    });

    it('keeps the longest texts whole', async () => {
      const session = await on.open(someone().padEnd(255, 'x'), {
        refTokID: 'r'.repeat(32),
        name: '電'.repeat(100),
        userAgent: '電'.repeat(512),
        ip: '0000:0000:0000:0000:0000:ffff:255.255.255.255',
      });
      expect(await on.list(session.userId, false)).toEqual([session]);
      expect(await on.rotate(session, session.refTokID, 's'.repeat(32))).toMatchObject({ refTokID: 's'.repeat(32) });
    });

    it('keeps 512 units of emoji', async () => {
      const session = await on.open(someone(), { userAgent: '👩'.repeat(256) });
      expect(await on.store.find(session)).toEqual(session);
    });

    it('takes an empty text for a text', async () => {
      const session = await on.open(someone(), { name: '', userAgent: '', ip: '' });
      expect(await on.store.find(session)).toEqual(session);
    });

    it.each(PAIRS)('takes user ids that differ in %s for two users', async (_, pair) => {
      const [one, two] = pair(someone());
      const [ofOne, ofTwo] = [await on.open(one), await on.open(two)];
      expect(await on.guids(one)).toEqual(guidsOf(ofOne));
      expect(await on.store.check({ userId: one, guid: ofTwo.guid })).toBeUndefined();
      expect(await on.end({ userId: one, guid: ofTwo.guid })).toBe('unknown');
      expect(await on.store.rename({ userId: two, guid: ofOne.guid }, 'mine')).toBe(false);
      expect(await on.cutOff(one)).toBe(1);
      expect(await on.list(two, false)).toEqual([ofTwo]);
      expect(await on.open(two)).toMatchObject({ userId: two });
    });

    it('takes guids that differ in a trailing space for two sessions', async () => {
      const session = await on.open(someone());
      const padded = { userId: session.userId, guid: `${session.guid} ` };
      expect(await on.store.find(padded)).toBeUndefined();
      expect(await on.store.check(padded)).toBeUndefined();
      expect(await on.end(padded)).toBe('unknown');
      expect(await on.store.rename(padded, 'mine')).toBe(false);
      expect(await on.store.find(session)).toEqual(session);
      expect(await on.cutOff(session.userId, padded.guid)).toBe(1);
    });

    it('takes generations that differ in a trailing space for two', async () => {
      const session = await on.open(someone());
      expect(await on.rotate(session, `${session.refTokID} `)).toBeUndefined();
      await on.rotate(session, session.refTokID, 'next');
      await on.store.markUsed(session, 'next ', session.createdAt + 1);
      expect(await on.store.check(session)).toMatchObject({ refTokID: 'next', usedAt: null });
    });

    it('takes guids that differ in case for two sessions', async () => {
      const session = await on.open(someone(), { guid: `a-${someone().slice(5, 35)}` });
      const { userId } = session;
      const guid = session.guid.toUpperCase();
      expect(await on.store.find({ userId, guid })).toBeUndefined();
      expect(await on.store.check({ userId, guid })).toBeUndefined();
      expect(await on.end({ userId, guid })).toBe('unknown');
      expect(await on.cutOff(userId, guid)).toBe(1);
    });

    it('keeps times and tickets above 2^32 to the millisecond', async () => {
      const times = { createdAt: FAR - 9, lastActiveAt: FAR - 8, expiresAt: FAR, purgeAt: FAR };
      const session = await on.open(someone(), { ...times, ticket: 2 ** 40 + 1 });
      expect(await on.store.find(session)).toEqual(session);
      const rotated = await on.rotate(session, session.refTokID, 'next', FAR - 7);
      expect(rotated).toMatchObject({ rotatedAt: FAR - 7, lastActiveAt: FAR - 7 });
      await on.store.markUsed(session, 'next', FAR - 6);
      expect(await on.touch(session, FAR - 5, { touchInterval: 2 })).toBe(1);
      expect(await on.store.check(session)).toMatchObject({ usedAt: FAR - 6, lastActiveAt: FAR - 5, expiresAt: FAR });
      await on.end(session, 'revoked', FAR - 4);
      expect(await on.store.find(session)).toMatchObject({
        endedAt: FAR - 4,
        purgeAt: FAR - 4,
        ticket: 2 ** 40 + 1,
      });
    });

    it('keeps numbers up to 2^53 - 1', async () => {
      const largest = Number.MAX_SAFE_INTEGER;
      const session = await on.open(someone(), { expiresAt: largest, purgeAt: largest, ticket: largest });
      expect(await on.store.find(session)).toEqual(session);
      expect(await on.end(session, 'revoked', largest - 1)).toBe('ended');
    });
  });
}
