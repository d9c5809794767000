import { equal, fails, matches } from '../assertions.js';
import { clauses } from './store-case.js';
import type { Session } from '../../sessions/session.js';
import type { OpenRules } from '../../sessions/session-store.js';
import { atOnce, endedAs, guidsOf, LIFE, NO_LIMITS, NOW, sessionOf, someone } from './session-fixtures.js';

const CUT_OFF = { opened: false, why: 'cut_off' };
const FULL = { opened: false, why: 'full' };
const EVICT = (maxSessions: number): OpenRules => ({ ...NO_LIMITS, maxSessions, whenFull: 'evict' });
const REJECT = (maxSessions: number): OpenRules => ({ ...NO_LIMITS, maxSessions, whenFull: 'reject' });

/** The cases about open: tickets and replaced sessions. */
export const openingCases = [
  ...clauses('open against a cutoff', {
    'refuses a ticket drawn before the user was cut off, and stores nothing': async (on) => {
      const late = sessionOf(someone(), { ticket: await on.store.currentTicket() });
      await on.cutOff(late.userId);
      equal(await on.store.open(late, NO_LIMITS), CUT_OFF);
      equal(await on.store.find(late), undefined);
      equal([...(await on.guids(late.userId)), ...(await on.guids(late.userId, true))], []);
    },

    'accepts a ticket drawn after it, in the same millisecond': async (on) => {
      const userId = someone();
      await on.cutOff(userId);
      const session = await on.open(userId);
      equal(await on.store.find(session), session);
    },

    'compares only the ticket, whatever the clock says': async (on) => {
      const userId = someone();
      const stale = await on.store.currentTicket();
      await on.cutOff(userId);
      const ahead = sessionOf(userId, { ticket: stale, createdAt: NOW + LIFE, expiresAt: NOW + 2 * LIFE });
      equal(await on.store.open(ahead, NO_LIMITS), CUT_OFF);
      const behind = await on.open(userId, { createdAt: NOW - LIFE });
      equal(await on.guids(userId), [behind.guid]);
    },

    'applies the latest of several cutoffs': async (on) => {
      const userId = someone();
      await on.cutOff(userId);
      const between = sessionOf(userId, { ticket: await on.store.currentTicket() });
      await on.cutOff(userId);
      equal(await on.store.open(between, NO_LIMITS), CUT_OFF);
    },

    'ignores the cutoff of another user': async (on) => {
      const session = sessionOf(someone(), { ticket: await on.store.currentTicket() });
      await on.cutOff(someone());
      equal(await on.store.open(session, NO_LIMITS), { opened: true, replaced: [], evicted: [] });
    },

    'ends nothing when it refuses': async (on) => {
      const kept = await on.open(someone());
      const late = sessionOf(kept.userId, { ticket: await on.store.currentTicket() });
      await on.cutOff(kept.userId, kept.guid);
      equal(await on.store.open(late, { ...EVICT(1), replaces: kept.guid }), CUT_OFF);
      matches(await on.store.find(kept), { endedAt: null, endReason: null });
    },

    'says `cut_off`, even if there are too many sessions as well': async (on) => {
      const kept = await on.open(someone());
      const late = sessionOf(kept.userId, { ticket: await on.store.currentTicket() });
      await on.cutOff(kept.userId, kept.guid);
      equal(await on.store.open(late, REJECT(1)), CUT_OFF);
      const inTime = { ...late, ticket: await on.store.currentTicket() };
      equal(await on.store.open(inTime, REJECT(1)), FULL);
    },

    'leaves no sign-in alive that races a cutoff with an earlier ticket': async (on) => {
      const users = Array.from({ length: 5 }, someone);
      const ticket = await on.store.currentTicket();
      const signIn = (userId: string) => on.store.open(sessionOf(userId, { ticket }), NO_LIMITS);
      await Promise.all(users.flatMap((user) => [signIn(user), signIn(user), on.cutOff(user), signIn(user)]));
      for (const user of users) equal(await on.guids(user), []);
    },
  }),

  ...clauses('open in place of a former session', {
    'ends the former session as `replaced`': async (on) => {
      const former = await on.open(someone());
      const next = sessionOf(former.userId, { createdAt: NOW + 9, lastActiveAt: NOW + 9 });
      const outcome = await on.store.open(next, { ...NO_LIMITS, replaces: former.guid });
      equal(outcome, { opened: true, replaced: [former.guid], evicted: [] });
      equal(await on.store.find(former), endedAs(former, 'replaced', NOW + 9));
      equal(await on.guids(former.userId), [next.guid]);
    },

    'does not replace a session that is over, unknown or of another user': async (on) => {
      const userId = someone();
      const others = await on.open(someone());
      const ended = await on.open(userId);
      await on.end(ended, 'signed_out', NOW - 1);
      const expired = await on.open(userId, { expiresAt: NOW });
      const idle = await on.open(userId, { lastActiveAt: NOW - 1000 });
      for (const { guid } of [others, ended, expired, idle, sessionOf(userId)]) {
        const rules = { ...NO_LIMITS, idleBefore: NOW - 1000, replaces: guid };
        const outcome = await on.store.open(sessionOf(userId), rules);
        equal(outcome, { opened: true, replaced: [], evicted: [] });
      }
      equal(await on.store.find(others), others);
      equal(await on.store.find(ended), endedAs(ended, 'signed_out', NOW - 1));
      equal(await on.store.find(expired), endedAs(expired, 'expired', expired.expiresAt));
      equal(await on.store.find(idle), endedAs(idle, 'idle', NOW));
    },

    'ends the former session once when two sign-ins replace it at once': async (on) => {
      const former = await on.open(someone());
      const rules = { ...NO_LIMITS, replaces: former.guid };
      const outcomes = await atOnce(2, () => on.store.open(sessionOf(former.userId), rules));
      equal(
        outcomes.flatMap((outcome) => ('replaced' in outcome ? outcome.replaced : [])),
        [former.guid],
      );
      equal((await on.guids(former.userId)).length, 2);
    },

    'rejects a guid that is taken, and does not change the existing row': async (on) => {
      const session = await on.open(someone());
      const { guid } = session;
      await fails(on.store.open(sessionOf(session.userId, { guid }), NO_LIMITS));
      await fails(on.store.open(sessionOf(someone(), { guid }), NO_LIMITS));
      equal(await on.store.find(session), session);
    },

    'ends nothing for a sign-in that could not be stored': async (on) => {
      const userId = someone();
      const [first, second, third] = (await on.openInTurn(userId, 3)) as [Session, Session, Session];
      const rules = { ...EVICT(1), replaces: first.guid };
      await fails(on.store.open(sessionOf(userId, { guid: third.guid }), rules));
      equal(await on.guids(userId), guidsOf(first, second, third));
      matches(await on.store.open(sessionOf(userId), rules), { opened: true, replaced: [first.guid] });
    },
  }),
];
