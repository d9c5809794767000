import { describe, expect, it } from '@jest/globals';
import { ALL_CUT_OFF } from '../../../src/sessions/cutoff.js';
import type { Session } from '../../../src/sessions/session.js';
import type { OpenRules } from '../../../src/sessions/session-store.js';
import { failureOf } from '../../support/expect.js';
import { atOnce, Bench, endedAs, guidsOf, LIFE, NO_LIMITS, NOW, type OpenStore, sessionOf, someone } from './bench.js';

const CUT_OFF = { opened: false, why: 'cut_off' };
const FULL = { opened: false, why: 'full' };
const EVICT = (maxSessions: number): OpenRules => ({ ...NO_LIMITS, maxSessions, whenFull: 'evict' });
const REJECT = (maxSessions: number): OpenRules => ({ ...NO_LIMITS, maxSessions, whenFull: 'reject' });

/** open: tickets, limits and replacement. */
export function describeOpening(open: OpenStore): void {
  describe('open against a cutoff', () => {
    const on = new Bench(open);

    it('refuses a ticket drawn before the user was cut off, and stores nothing', async () => {
      const late = sessionOf(someone(), { ticket: await on.store.currentTicket() });
      await on.cutOff(late.userId);
      expect(await on.store.open(late, NO_LIMITS)).toEqual(CUT_OFF);
      expect(await on.store.find(late)).toBeUndefined();
      expect([...(await on.guids(late.userId)), ...(await on.guids(late.userId, true))]).toEqual([]);
    });

    it('accepts a ticket drawn after it, in the same millisecond', async () => {
      const userId = someone();
      await on.cutOff(userId);
      const session = await on.open(userId);
      expect(await on.store.find(session)).toEqual(session);
    });

    it('asks the ticket alone, whatever the clock says', async () => {
      const userId = someone();
      const stale = await on.store.currentTicket();
      await on.cutOff(userId);
      const ahead = sessionOf(userId, { ticket: stale, createdAt: NOW + LIFE, expiresAt: NOW + 2 * LIFE });
      expect(await on.store.open(ahead, NO_LIMITS)).toEqual(CUT_OFF);
      const behind = await on.open(userId, { createdAt: NOW - LIFE });
      expect(await on.guids(userId)).toEqual([behind.guid]);
    });

    it('takes the latest of several cutoffs', async () => {
      const userId = someone();
      await on.cutOff(userId);
      const between = sessionOf(userId, { ticket: await on.store.currentTicket() });
      await on.cutOff(userId);
      expect(await on.store.open(between, NO_LIMITS)).toEqual(CUT_OFF);
    });

    it('does not mind the cutoff of another user', async () => {
      const session = sessionOf(someone(), { ticket: await on.store.currentTicket() });
      await on.cutOff(someone());
      expect(await on.store.open(session, NO_LIMITS)).toEqual({ opened: true, replaced: [], evicted: [] });
    });

    it('ends nothing when it refuses', async () => {
      const kept = await on.open(someone());
      const late = sessionOf(kept.userId, { ticket: await on.store.currentTicket() });
      await on.cutOff(kept.userId, kept.guid);
      expect(await on.store.open(late, { ...EVICT(1), replaces: kept.guid })).toEqual(CUT_OFF);
      expect(await on.store.find(kept)).toMatchObject({ endedAt: null, endReason: null });
    });

    it('says that it was cut off, also where it would be one too many', async () => {
      const kept = await on.open(someone());
      const late = sessionOf(kept.userId, { ticket: await on.store.currentTicket() });
      await on.cutOff(kept.userId, kept.guid);
      expect(await on.store.open(late, REJECT(1))).toEqual(CUT_OFF);
      const inTime = { ...late, ticket: await on.store.currentTicket() };
      expect(await on.store.open(inTime, REJECT(1))).toEqual(FULL);
    });

    it('leaves no sign-in alive that raced a cutoff with a ticket from before it', async () => {
      const users = Array.from({ length: 5 }, someone);
      const ticket = await on.store.currentTicket();
      const signIn = (userId: string) => on.store.open(sessionOf(userId, { ticket }), NO_LIMITS);
      await Promise.all(users.flatMap((user) => [signIn(user), signIn(user), on.cutOff(user), signIn(user)]));
      for (const user of users) expect(await on.guids(user)).toEqual([]);
    });
  });

  describe('open with maxSessions', () => {
    const on = new Bench(open);

    it('ends the session that was active least recently', async () => {
      const userId = someone();
      const [first, second, third] = (await on.openInTurn(userId, 3)) as [Session, Session, Session];
      await on.touch(first, NOW, { touchInterval: 0 });
      const newest = sessionOf(userId, { createdAt: NOW + 7, lastActiveAt: NOW + 7 });
      expect(await on.store.open(newest, EVICT(3))).toEqual({ opened: true, replaced: [], evicted: [second.guid] });
      expect(await on.store.find(second)).toEqual(endedAs(second, 'evicted', NOW + 7));
      expect(await on.guids(userId)).toEqual(guidsOf(first, third, newest));
    });

    it('ends as many as are too many', async () => {
      const userId = someone();
      const [first, second, third, fourth] = await on.openInTurn(userId, 4);
      const newest = sessionOf(userId);
      const outcome = await on.store.open(newest, EVICT(2));
      expect(outcome).toMatchObject({ opened: true, replaced: [] });
      expect('evicted' in outcome && [...outcome.evicted].sort()).toEqual(
        guidsOf(...([first, second, third] as Session[])),
      );
      expect(await on.guids(userId)).toEqual(guidsOf(fourth as Session, newest));
    });

    it('ends nothing while there is room', async () => {
      const userId = someone();
      await on.openInTurn(userId, 2);
      expect(await on.store.open(sessionOf(userId), EVICT(3))).toEqual({ opened: true, replaced: [], evicted: [] });
    });

    it('refuses when it may end none, and changes nothing', async () => {
      const userId = someone();
      const sessions = await on.openInTurn(userId, 2);
      const refused = sessionOf(userId);
      expect(await on.store.open(refused, REJECT(2))).toEqual(FULL);
      expect(await on.store.find(refused)).toBeUndefined();
      expect(await on.list(userId, false)).toEqual(expect.arrayContaining(sessions));
      expect(await on.store.open(refused, REJECT(3))).toMatchObject({ opened: true });
    });

    it.each(['evict', 'reject'] as const)('counts no session that is over, under %s', async (whenFull) => {
      const userId = someone();
      const idleBefore = NOW - 1000;
      const live = await on.open(userId, { lastActiveAt: idleBefore + 1 });
      await on.end(await on.open(userId));
      const expired = await on.open(userId, { expiresAt: NOW });
      const idle = await on.open(userId, { lastActiveAt: idleBefore });
      await on.open(someone());
      const session = sessionOf(userId);
      const rules: OpenRules = { maxSessions: 2, whenFull, idleBefore };
      expect(await on.store.open(session, rules)).toEqual({ opened: true, replaced: [], evicted: [] });
      expect(await on.store.find(live)).toEqual(live);
      expect(await on.store.find(expired)).toEqual(expired);
      expect(await on.store.find(idle)).toEqual(idle);
      expect(await on.store.find(session)).toEqual(session);
    });

    it('leaves more than a few for a walk, and says so; the walk ends the least recently active alone', async () => {
      const userId = someone();
      const sessions = await on.openInTurn(userId, 30);
      const newest = sessionOf(userId);
      const outcome = await on.store.open(newest, EVICT(3));
      expect(outcome).toMatchObject({ opened: true });
      const moment = { at: NOW, idleBefore: 0 };
      const upTo = await on.store.firstSurplus(newest, 3, moment);
      const walk = { userId, mark: ALL_CUT_OFF, reason: 'evicted', ...moment } as const;
      if ('crowded' in outcome && outcome.crowded) {
        expect(upTo).toBeDefined();
        const { over, ended } = await on.store.endBatch({ ...walk, upTo });
        expect(ended).toBe(over.length);
        expect(ended + outcome.evicted.length).toBe(28);
      } else expect(upTo).toBeUndefined();
      expect(await on.guids(userId)).toEqual(guidsOf(...sessions.slice(28), newest));
      expect(await on.store.firstSurplus(newest, 3, moment)).toBeUndefined();
      expect((await on.list(userId, true)).every(({ endReason }) => endReason === 'evicted')).toBe(true);
    });

    it('holds to the bound where there is no maxSessions, ending the least recently active', async () => {
      const userId = someone();
      const sessions = await on.openInTurn(userId, 4);
      const newest = sessionOf(userId);
      const outcome = await on.store.open(newest, { ...NO_LIMITS, bound: 5 });
      expect(outcome).toEqual({ opened: true, replaced: [], evicted: [] });
      const next = sessionOf(userId);
      const evicted = [sessions[0]?.guid];
      expect(await on.store.open(next, { ...NO_LIMITS, bound: 5 })).toEqual({ opened: true, replaced: [], evicted });
      expect(await on.guids(userId)).toEqual(guidsOf(...sessions.slice(1), newest, next));
      const last = sessionOf(userId);
      const replacing = { ...NO_LIMITS, bound: 5, replaces: next.guid };
      expect(await on.store.open(last, replacing)).toEqual({ opened: true, replaced: [next.guid], evicted: [] });
    });

    it('does not count the session it replaces', async () => {
      const userId = someone();
      const [first, second] = (await on.openInTurn(userId, 2)) as [Session, Session];
      const next = sessionOf(userId);
      const outcome = await on.store.open(next, { ...REJECT(2), replaces: second.guid });
      expect(outcome).toEqual({ opened: true, replaced: [second.guid], evicted: [] });
      expect(await on.guids(userId)).toEqual(guidsOf(first, next));
    });

    it('does not end the session it would replace when it refuses', async () => {
      const userId = someone();
      const [first, second, third] = (await on.openInTurn(userId, 3)) as [Session, Session, Session];
      const outcome = await on.store.open(sessionOf(userId), { ...REJECT(2), replaces: second.guid });
      expect(outcome).toEqual(FULL);
      expect(await on.guids(userId)).toEqual(guidsOf(first, second, third));
    });

    it('holds the limit exactly when 20 sign in at once, ending the older', async () => {
      const userId = someone();
      const outcomes = await atOnce(20, () => on.store.open(sessionOf(userId), EVICT(3)));
      expect(outcomes.every(({ opened }) => opened)).toBe(true);
      expect(await on.guids(userId)).toHaveLength(3);
      expect(await on.guids(userId, true)).toHaveLength(17);
      const evicted = outcomes.flatMap((outcome) => ('evicted' in outcome ? outcome.evicted : []));
      expect([...evicted].sort()).toEqual(await on.guids(userId, true));
    });

    it('holds the limit exactly when 20 sign in at once, refusing the later', async () => {
      const [userId, other] = [someone(), someone()];
      const both = await atOnce(20, (index) => on.store.open(sessionOf(index % 2 ? userId : other), REJECT(3)));
      expect(both.filter(({ opened }) => opened)).toHaveLength(6);
      expect(await on.guids(userId)).toHaveLength(3);
      expect(await on.guids(other)).toHaveLength(3);
    });
  });

  describe('open in place of a former session', () => {
    const on = new Bench(open);

    it('ends the former as replaced', async () => {
      const former = await on.open(someone());
      const next = sessionOf(former.userId, { createdAt: NOW + 9, lastActiveAt: NOW + 9 });
      const outcome = await on.store.open(next, { ...NO_LIMITS, replaces: former.guid });
      expect(outcome).toEqual({ opened: true, replaced: [former.guid], evicted: [] });
      expect(await on.store.find(former)).toEqual(endedAs(former, 'replaced', NOW + 9));
      expect(await on.guids(former.userId)).toEqual([next.guid]);
    });

    it('replaces no former session that is over, unknown or of another user', async () => {
      const userId = someone();
      const others = await on.open(someone());
      const ended = await on.open(userId);
      await on.end(ended, 'signed_out', NOW - 1);
      const expired = await on.open(userId, { expiresAt: NOW });
      const idle = await on.open(userId, { lastActiveAt: NOW - 1000 });
      for (const { guid } of [others, ended, expired, idle, sessionOf(userId)]) {
        const rules = { ...NO_LIMITS, idleBefore: NOW - 1000, replaces: guid };
        const outcome = await on.store.open(sessionOf(userId), rules);
        expect(outcome).toEqual({ opened: true, replaced: [], evicted: [] });
      }
      expect(await on.store.find(others)).toEqual(others);
      expect(await on.store.find(ended)).toEqual(endedAs(ended, 'signed_out', NOW - 1));
      expect(await on.store.find(expired)).toEqual(endedAs(expired, 'expired', expired.expiresAt));
      expect(await on.store.find(idle)).toEqual(endedAs(idle, 'idle', NOW));
    });

    it('ends the former once when two sign-ins replace it at once', async () => {
      const former = await on.open(someone());
      const rules = { ...NO_LIMITS, replaces: former.guid };
      const outcomes = await atOnce(2, () => on.store.open(sessionOf(former.userId), rules));
      expect(outcomes.flatMap((outcome) => ('replaced' in outcome ? outcome.replaced : []))).toEqual([former.guid]);
      expect(await on.guids(former.userId)).toHaveLength(2);
    });

    it('rejects a guid that is taken, and leaves the row that has it alone', async () => {
      const session = await on.open(someone());
      const { guid } = session;
      expect(await failureOf(on.store.open(sessionOf(session.userId, { guid }), NO_LIMITS))).toBeTruthy();
      expect(await failureOf(on.store.open(sessionOf(someone(), { guid }), NO_LIMITS))).toBeTruthy();
      expect(await on.store.find(session)).toEqual(session);
    });

    it('ends nothing for a sign-in that could not be stored', async () => {
      const userId = someone();
      const [first, second, third] = (await on.openInTurn(userId, 3)) as [Session, Session, Session];
      const rules = { ...EVICT(1), replaces: first.guid };
      expect(await failureOf(on.store.open(sessionOf(userId, { guid: third.guid }), rules))).toBeTruthy();
      expect(await on.guids(userId)).toEqual(guidsOf(first, second, third));
      expect(await on.store.open(sessionOf(userId), rules)).toMatchObject({ opened: true, replaced: [first.guid] });
    });
  });
}
