import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Denylist } from '../../src/revocation/denylist.js';
import { type CutoffMark, NO_CUTOFF } from '../../src/sessions/cutoff.js';

/** A denylist to try, and how to let go of it. */
export interface DenylistBench {
  readonly denylist: Denylist;
  /** The time its clock shows. */
  now(): number;
  /** Waits until entries that end at this moment have left the store, and no others; some milliseconds may be needed. */
  passed(moment: number): Promise<void>;
  close(): Promise<void>;
}

const SHORT = 200;
const LONG = 600_000;
const CONCURRENT = 100;
const LARGEST = Number.MAX_SAFE_INTEGER;

/** User ids that somebody's syntax might trip over, no two of which may be taken for one. */
const ODD_USERS = [
  ...['ada', 'Ada', 'ada ', ' ada', 'ada:one', 'ada one', 'user ada', 'session ada', 'everybody', 'null', '0', '*'],
  ...['{', '}', '{}', '{ada}', '}ada{', '{ada', 'ada}', '{everybody}', '%7Bada%7D', '%', '[ada]', '\\', "'", '"', '?'],
  ...[
    'ädä',
    'a\u0308da\u0308',
    '阿达',
    '🦊',
    '\n',
    'ada\u0001',
    'x'.repeat(255),
    `${'x'.repeat(254)}y`,
    '🦊'.repeat(255),
  ],
];

/** What every denylist keeps to, wherever its entries are. `open` is called once. */
export function describeDenylist(name: string, open: () => Promise<DenylistBench>): void {
  describe(`the denylist ${name}`, () => {
    let bench: DenylistBench;
    let denylist: Denylist;

    beforeAll(async () => {
      bench = await open();
      denylist = bench.denylist;
    });
    afterAll(() => bench.close());

    const someone = () => ({ userId: `user ${randomUUID()}`, guid: randomUUID() });
    const until = (length: number) => bench.now() + length;
    const sessionDenied = async (key: { userId: string; guid: string }) => (await denylist.find(key)).session;
    const markOf = async (userId: string) => (await denylist.find({ userId, guid: 'other' })).user;
    const deny = (userId: string | null, mark: CutoffMark, length = LONG) =>
      denylist.denyUser(userId, mark, until(length));

    it('denies nothing of somebody it never heard of', async () => {
      expect(await denylist.find(someone())).toEqual({ session: false, user: NO_CUTOFF });
    });

    it('denies one session, and no other of that user', async () => {
      const key = someone();
      await denylist.denySession(key, until(LONG));
      expect(await denylist.find(key)).toEqual({ session: true, user: NO_CUTOFF });
      expect(await sessionDenied({ ...key, guid: randomUUID() })).toBe(false);
    });

    it('denies one user, with the session they kept, and no other user', async () => {
      const [{ userId, guid }, other] = [someone(), someone()];
      await deny(userId, { ticket: 5, kept: guid });
      await deny(other.userId, { ticket: 7, kept: null });
      expect(await denylist.find({ userId, guid })).toEqual({ session: false, user: { ticket: 5, kept: guid } });
      expect(await markOf(other.userId)).toEqual({ ticket: 7, kept: null });
      expect(await markOf(someone().userId)).toEqual(NO_CUTOFF);
    });

    describe('keeps an entry', () => {
      it('until its end, and no longer', async () => {
        const [brief, lasting, cutOff] = [someone(), someone(), someone()];
        const end = until(SHORT);
        await denylist.denySession(brief, end);
        await denylist.denySession(lasting, end + LONG);
        await denylist.denyUser(cutOff.userId, { ticket: 3, kept: null }, end);
        await denylist.denyUser(lasting.userId, { ticket: 3, kept: null }, end + LONG);
        await bench.passed(end);
        expect(await sessionDenied(brief)).toBe(false);
        expect(await markOf(cutOff.userId)).toEqual(NO_CUTOFF);
        expect(await denylist.find(lasting)).toEqual({ session: true, user: { ticket: 3, kept: null } });
      });

      it.each([
        ['longer when it is made again for longer', SHORT, LONG],
        ['no shorter when it is made again for less', LONG, SHORT],
      ])('%s', async (_, first, second) => {
        const key = someone();
        for (const length of [first, second]) {
          await denylist.denySession(key, until(length));
          await deny(key.userId, { ticket: 4, kept: 'kept' }, length);
        }
        await bench.passed(until(SHORT));
        expect(await denylist.find(key)).toEqual({ session: true, user: { ticket: 4, kept: 'kept' } });
      });

      it('as long as the longer of two marks, whichever is the later', async () => {
        const { userId } = someone();
        await deny(userId, { ticket: 4, kept: null }, LONG);
        await deny(userId, { ticket: 5, kept: null }, SHORT);
        await bench.passed(until(SHORT));
        expect(await markOf(userId)).toEqual({ ticket: 5, kept: null });
      });
    });

    describe('holds of two marks of one user, in whatever order they come,', () => {
      it.each<[string, CutoffMark, CutoffMark, CutoffMark]>([
        ['the later', { ticket: 2, kept: 'a' }, { ticket: 3, kept: 'b' }, { ticket: 3, kept: 'b' }],
        [
          'the later, which keeps nothing',
          { ticket: 2, kept: 'a' },
          { ticket: 3, kept: null },
          { ticket: 3, kept: null },
        ],
        ['what both of one number keep', { ticket: 3, kept: 'a' }, { ticket: 3, kept: 'a' }, { ticket: 3, kept: 'a' }],
        ['nothing they differ in', { ticket: 3, kept: 'a' }, { ticket: 3, kept: 'b' }, { ticket: 3, kept: null }],
        ['nothing one of them ended', { ticket: 3, kept: 'a' }, { ticket: 3, kept: null }, { ticket: 3, kept: null }],
        ['the larger number, not text', { ticket: 9, kept: 'a' }, { ticket: 10, kept: 'b' }, { ticket: 10, kept: 'b' }],
        [
          'the largest of all',
          { ticket: LARGEST, kept: 'a' },
          { ticket: LARGEST - 1, kept: null },
          { ticket: LARGEST, kept: 'a' },
        ],
        [
          'one of many digits',
          { ticket: 1e15, kept: 'a' },
          { ticket: 1e15 + 1, kept: 'b' },
          { ticket: 1e15 + 1, kept: 'b' },
        ],
      ])('%s', async (_, one, other, held) => {
        for (const marks of [
          [one, other],
          [other, one],
        ]) {
          const { userId } = someone();
          for (const mark of marks) await deny(userId, mark);
          expect(await markOf(userId)).toEqual(held);
        }
      });
    });

    describe('asked for much at once', () => {
      it('ends with the largest ticket, and with the longest life', async () => {
        const { userId } = someone();
        const tickets = shuffled(Array.from({ length: CONCURRENT }, (_, index) => index + 1));
        await Promise.all(
          tickets.map((ticket) => deny(userId, { ticket, kept: `kept ${ticket}` }, ticket === 1 ? LONG : SHORT)),
        );
        await bench.passed(until(SHORT));
        expect(await markOf(userId)).toEqual({ ticket: CONCURRENT, kept: `kept ${CONCURRENT}` });
      });

      it('keeps nothing that marks of one number differ in', async () => {
        const { userId } = someone();
        await Promise.all(Array.from({ length: 20 }, (_, index) => deny(userId, { ticket: 3, kept: `kept ${index}` })));
        expect(await markOf(userId)).toEqual({ ticket: 3, kept: null });
      });
    });

    it.each(ODD_USERS)('takes the user %j for nobody else', async (userId) => {
      const before = await denylist.find({ userId, guid: 'other' });
      expect(before).toEqual({ session: false, user: NO_CUTOFF });
      const guid = randomUUID();
      await denylist.denySession({ userId, guid }, until(LONG));
      await deny(userId, { ticket: 6, kept: 'kept' });
      expect(await denylist.find({ userId, guid })).toEqual({ session: true, user: { ticket: 6, kept: 'kept' } });
      expect(await sessionDenied({ userId, guid: 'other' })).toBe(false);
    });

    describe('denies everybody', () => {
      it('who has no later mark of their own, and then whatever they kept', async () => {
        const [early, late, { userId: none }] = [someone(), someone(), someone()];
        await deny(early.userId, { ticket: 10, kept: early.guid });
        await deny(late.userId, { ticket: 12, kept: late.guid });
        await deny(null, { ticket: 11, kept: null });
        expect(await markOf(none)).toEqual({ ticket: 11, kept: null });
        expect(await markOf(early.userId)).toEqual({ ticket: 11, kept: null });
        expect(await markOf(late.userId)).toEqual({ ticket: 12, kept: late.guid });
        expect(await sessionDenied(late)).toBe(false);
      });

      it('never by an earlier mark again', async () => {
        const tickets = shuffled(Array.from({ length: 20 }, (_, index) => 100 + index));
        await Promise.all(tickets.map((ticket) => deny(null, { ticket, kept: null })));
        expect(await markOf(someone().userId)).toEqual({ ticket: 119, kept: null });
      });
    });
  });
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, place: Math.random() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ value }) => value);
}
