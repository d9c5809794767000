import { differ, equal, matches } from '../assertions.js';
import { clauses, each } from './store-case.js';
import { ALL_CUT_OFF } from '../../sessions/cutoff.js';
import type { Session } from '../../sessions/session.js';
import type { OpenRules } from '../../sessions/session-store.js';
import { atOnce, endedAs, guidsOf, NO_LIMITS, NOW, sessionOf, someone } from './session-fixtures.js';

const FULL = { opened: false, why: 'full' };
const EVICT = (maxSessions: number): OpenRules => ({ ...NO_LIMITS, maxSessions, whenFull: 'evict' });
const REJECT = (maxSessions: number): OpenRules => ({ ...NO_LIMITS, maxSessions, whenFull: 'reject' });

/** The cases about open with a limit on the number of sessions. */
export const limitCases = [
  ...clauses('open with maxSessions', {
    'ends the least recently active session': async (on) => {
      const userId = someone();
      const [first, second, third] = (await on.openInTurn(userId, 3)) as [Session, Session, Session];
      await on.touch(first, NOW, { touchInterval: 0 });
      const newest = sessionOf(userId, { createdAt: NOW + 7, lastActiveAt: NOW + 7 });
      equal(await on.store.open(newest, EVICT(3)), { opened: true, replaced: [], evicted: [second.guid] });
      equal(await on.store.find(second), endedAs(second, 'evicted', NOW + 7));
      equal(await on.guids(userId), guidsOf(first, third, newest));
    },

    'ends as many sessions as there are too many': async (on) => {
      const userId = someone();
      const [first, second, third, fourth] = await on.openInTurn(userId, 4);
      const newest = sessionOf(userId);
      const outcome = await on.store.open(newest, EVICT(2));
      matches(outcome, { opened: true, replaced: [] });
      equal('evicted' in outcome && [...outcome.evicted].sort(), guidsOf(...([first, second, third] as Session[])));
      equal(await on.guids(userId), guidsOf(fourth as Session, newest));
    },

    'ends nothing while there is room': async (on) => {
      const userId = someone();
      await on.openInTurn(userId, 2);
      equal(await on.store.open(sessionOf(userId), EVICT(3)), { opened: true, replaced: [], evicted: [] });
    },

    'refuses under `reject`, and changes nothing': async (on) => {
      const userId = someone();
      const sessions = await on.openInTurn(userId, 2);
      const refused = sessionOf(userId);
      equal(await on.store.open(refused, REJECT(2)), FULL);
      equal(await on.store.find(refused), undefined);
      equal(await on.guids(userId), guidsOf(...sessions));
      for (const session of sessions) equal(await on.store.find(session), session);
      matches(await on.store.open(refused, REJECT(3)), { opened: true });
    },

    ...each(['evict', 'reject'] as const, (whenFull) => [
      `does not count ended sessions, under ${whenFull}`,
      async (on) => {
        const userId = someone();
        const idleBefore = NOW - 1000;
        const live = await on.open(userId, { lastActiveAt: idleBefore + 1 });
        await on.end(await on.open(userId));
        const expired = await on.open(userId, { expiresAt: NOW });
        const idle = await on.open(userId, { lastActiveAt: idleBefore });
        await on.open(someone());
        const session = sessionOf(userId);
        const rules: OpenRules = { maxSessions: 2, whenFull, idleBefore };
        equal(await on.store.open(session, rules), { opened: true, replaced: [], evicted: [] });
        equal(await on.store.find(live), live);
        equal(await on.store.find(expired), expired);
        equal(await on.store.find(idle), idle);
        equal(await on.store.find(session), session);
      },
    ]),

    'leaves a large surplus to a walk, and says so; the walk ends only the least recently active': async (on) => {
      const userId = someone();
      const sessions = await on.openInTurn(userId, 30);
      const newest = sessionOf(userId);
      const outcome = await on.store.open(newest, EVICT(3));
      matches(outcome, { opened: true });
      const moment = { at: NOW, idleBefore: 0 };
      const upTo = await on.store.firstSurplus(newest, 3, moment);
      const walk = { userId, mark: ALL_CUT_OFF, reason: 'evicted', ...moment } as const;
      if ('crowded' in outcome && outcome.crowded) {
        differ(upTo, undefined);
        const { over, ended } = await on.store.endBatch({ ...walk, upTo });
        equal(ended, over.length);
        equal(ended + outcome.evicted.length, 28);
      } else equal(upTo, undefined);
      equal(await on.guids(userId), guidsOf(...sessions.slice(28), newest));
      equal(await on.store.firstSurplus(newest, 3, moment), undefined);
      equal(
        (await on.list(userId, true)).every(({ endReason }) => endReason === 'evicted'),
        true,
      );
    },

    'applies the bound without maxSessions, and ends the least recently active': async (on) => {
      const userId = someone();
      const sessions = await on.openInTurn(userId, 4);
      const newest = sessionOf(userId);
      const outcome = await on.store.open(newest, { ...NO_LIMITS, bound: 5 });
      equal(outcome, { opened: true, replaced: [], evicted: [] });
      const next = sessionOf(userId);
      const evicted = [sessions[0]?.guid];
      equal(await on.store.open(next, { ...NO_LIMITS, bound: 5 }), { opened: true, replaced: [], evicted });
      equal(await on.guids(userId), guidsOf(...sessions.slice(1), newest, next));
      const last = sessionOf(userId);
      const replacing = { ...NO_LIMITS, bound: 5, replaces: next.guid };
      equal(await on.store.open(last, replacing), { opened: true, replaced: [next.guid], evicted: [] });
    },

    'does not count the session it replaces': async (on) => {
      const userId = someone();
      const [first, second] = (await on.openInTurn(userId, 2)) as [Session, Session];
      const next = sessionOf(userId);
      const outcome = await on.store.open(next, { ...REJECT(2), replaces: second.guid });
      equal(outcome, { opened: true, replaced: [second.guid], evicted: [] });
      equal(await on.guids(userId), guidsOf(first, next));
    },

    'does not end the session it would replace when it refuses': async (on) => {
      const userId = someone();
      const [first, second, third] = (await on.openInTurn(userId, 3)) as [Session, Session, Session];
      const outcome = await on.store.open(sessionOf(userId), { ...REJECT(2), replaces: second.guid });
      equal(outcome, FULL);
      equal(await on.guids(userId), guidsOf(first, second, third));
    },

    'holds the limit exactly when 20 sign in at once, ending the older': async (on) => {
      const userId = someone();
      const outcomes = await atOnce(20, () => on.store.open(sessionOf(userId), EVICT(3)));
      equal(
        outcomes.every(({ opened }) => opened),
        true,
      );
      equal((await on.guids(userId)).length, 3);
      equal((await on.guids(userId, true)).length, 17);
      const evicted = outcomes.flatMap((outcome) => ('evicted' in outcome ? outcome.evicted : []));
      equal([...evicted].sort(), await on.guids(userId, true));
    },

    'holds the limit exactly when 20 sign in at once, refusing the later': async (on) => {
      const [userId, other] = [someone(), someone()];
      const both = await atOnce(20, (index) => on.store.open(sessionOf(index % 2 ? userId : other), REJECT(3)));
      equal(both.filter(({ opened }) => opened).length, 6);
      equal((await on.guids(userId)).length, 3);
      equal((await on.guids(other)).length, 3);
    },
  }),
];
