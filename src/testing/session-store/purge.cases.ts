import { differ, equal, matches, ok } from '../assertions.js';
import { clauses, each } from './store-case.js';
import type { Session } from '../../sessions/session.js';
import { atOnce, guidsOf, LIFE, NOW, someone } from './session-fixtures.js';
import { type StoreUnderTest } from './store-under-test.js';

const IDLE = 50_000;
const WHOLE = { at: NOW, idleTimeout: null, limit: 1000 };
/** A session that purge looks at as soon as it may be idle. */
const WITH_IDLE_LIMIT = { purgeAt: NOW + IDLE };

/** The cases about purge. */
export const purgeCases = [
  ...clauses(
    'purge',
    {
      'deletes an ended session after the retention, not before': async (on) => {
        const session = await on.open(someone());
        await on.end(session, 'revoked', NOW + 5);
        matches(await on.store.purge({ ...WHOLE, deadBefore: NOW + 4 }), { deleted: 0 });
        equal(await on.guids(session.userId, true), guidsOf(session));
        matches(await on.store.purge({ ...WHOLE, deadBefore: NOW + 5 }), { deleted: 1 });
        equal(await on.store.find(session), undefined);
        equal(await on.guids(session.userId, true), []);
      },

      'deletes an expired session after the retention, not before': async (on) => {
        const session = await on.open(someone());
        matches(await on.store.purge({ ...WHOLE, deadBefore: session.expiresAt - 1 }), { deleted: 0 });
        differ(await on.store.find(session), undefined);
        matches(await on.store.purge({ ...WHOLE, deadBefore: session.expiresAt }), { deleted: 1 });
        equal(await on.store.check(session), undefined);
      },

      'deletes an idle session after the retention, not before': async (on) => {
        const session = await on.open(someone(), WITH_IDLE_LIMIT);
        const round = { at: NOW, idleTimeout: IDLE, limit: 10 };
        matches(await on.store.purge({ ...round, deadBefore: NOW + IDLE - 1 }), { deleted: 0 });
        differ(await on.store.find(session), undefined);
        matches(await on.store.purge({ ...round, deadBefore: NOW + IDLE }), { deleted: 1 });
        equal(await on.store.find(session), undefined);
      },

      'keeps a session that became active again, and deletes it once it is idle': async (on) => {
        const [touched, renewed] = [
          await on.open(someone(), WITH_IDLE_LIMIT),
          await on.open(someone(), WITH_IDLE_LIMIT),
        ];
        await on.touch(touched, NOW + 10, { touchInterval: 0 });
        await on.rotate(renewed, renewed.refTokID, 'next', NOW + 20);
        const round = { at: NOW, idleTimeout: IDLE, limit: 10 };
        equal(await on.drain({ ...round, deadBefore: NOW + IDLE }), 0);
        equal(await on.drain({ ...round, deadBefore: NOW + IDLE + 9 }), 0);
        equal(await on.drain({ ...round, deadBefore: NOW + IDLE + 10 }), 1);
        equal(await on.store.find(touched), undefined);
        matches(await on.store.find(renewed), { refTokID: 'next', endedAt: null });
        equal(await on.drain({ ...round, deadBefore: NOW + IDLE + 20 }), 1);
        equal(await on.store.find(renewed), undefined);
      },

      'applies the retention to a session that ended after purge had looked at it': async (on) => {
        const session = await on.open(someone(), WITH_IDLE_LIMIT);
        await on.touch(session, NOW + IDLE, { touchInterval: 0 });
        const round = { at: NOW, idleTimeout: IDLE, limit: 10 };
        equal(await on.drain({ ...round, deadBefore: NOW + IDLE }), 0);
        await on.end(session, 'revoked', NOW + IDLE + 30);
        equal(await on.drain({ ...round, deadBefore: NOW + IDLE + 29 }), 0);
        equal(await on.drain({ ...round, deadBefore: NOW + IDLE + 30 }), 1);
      },

      'keeps an inactive session until its end without an idle limit': async (on) => {
        const session = await on.open(someone(), { ...WITH_IDLE_LIMIT, lastActiveAt: NOW });
        equal(await on.drain({ ...WHOLE, deadBefore: session.expiresAt - 1 }), 0);
        matches(await on.store.find(session), { lastActiveAt: NOW, endedAt: null });
        equal(await on.drain({ ...WHOLE, deadBefore: session.expiresAt }), 1);
      },

      ...each([null, IDLE], (idleTimeout) => [
        `keeps a session with the latest possible end, with the idle limit ${idleTimeout}`,
        async (on) => {
          const far = { expiresAt: Number.MAX_SAFE_INTEGER, lastActiveAt: Number.MAX_SAFE_INTEGER - IDLE };
          const session = await on.open(someone(), { ...far, ...WITH_IDLE_LIMIT });
          const round = { at: NOW, idleTimeout, limit: 3 };
          equal(await on.drain({ ...round, deadBefore: Number.MAX_SAFE_INTEGER - 1 }), 0);
          matches(await on.store.find(session), far);
          equal(await on.drain({ ...round, deadBefore: Number.MAX_SAFE_INTEGER }), 1);
        },
      ]),

      'deletes at most `limit` rows at a time, and tells when there may be more': async (on) => {
        const sessions = await atOnce(25, () => on.open(someone()));
        const round = { at: NOW, idleTimeout: null, limit: 10, deadBefore: NOW + LIFE };
        equal(await on.store.purge(round), { deleted: 10, visited: 10 });
        equal(await on.store.purge(round), { deleted: 10, visited: 10 });
        const last = await on.store.purge(round);
        equal(last.deleted, 5);
        ok(last.visited < 10);
        equal(await on.store.purge(round), { deleted: 0, visited: 0 });
        for (const session of sessions) equal(await on.store.find(session), undefined);
      },

      'finds nothing to do in an empty store': async (on) => {
        equal(await on.store.purge({ ...WHOLE, deadBefore: NOW }), { deleted: 0, visited: 0 });
      },

      'finishes although some sessions are live, and changes nothing a user can see of them': async (on) => {
        const { dead, live } = await deadAndLive(on, 25);
        const before = await Promise.all(live.map((session) => on.store.find(session)));
        equal(await on.drain({ at: NOW, idleTimeout: IDLE, limit: 7, deadBefore: NOW + IDLE }), 25);
        for (const session of dead) equal(await on.store.find(session), undefined);
        for (const [index, session] of live.entries()) {
          const row = await on.store.find(session);
          equal(row, { ...before[index], purgeAt: row?.purgeAt });
        }
      },

      'deletes each dead row once when two purge at once, and no live one': async (on) => {
        const { dead, live } = await deadAndLive(on, 40);
        const round = { at: NOW, idleTimeout: IDLE, limit: 7, deadBefore: NOW + IDLE };
        const [one, two] = await atOnce(2, () => on.drain(round));
        equal((one ?? 0) + (two ?? 0) + (await on.drain(round)), 40);
        for (const session of dead) equal(await on.store.find(session), undefined);
        for (const session of live) matches(await on.store.find(session), { endedAt: null });
      },

      'does not delete a session that is renewed at the same time': async (on) => {
        const sessions = await atOnce(20, () => on.open(someone(), WITH_IDLE_LIMIT));
        const at = NOW + IDLE - 1;
        const round = { at: NOW, idleTimeout: IDLE, limit: 5, deadBefore: NOW + IDLE };
        const renewals = sessions.map((session) => on.rotate(session, session.refTokID, 'next', at, at - IDLE));
        const [deleted, ...renewed] = await Promise.all([on.drain(round), ...renewals]);
        for (const [index, session] of sessions.entries()) {
          const row = await on.store.find(session);
          equal(row?.refTokID, renewed[index]?.refTokID);
        }
        equal(deleted + renewed.filter((row) => row !== undefined).length, 20);
      },

      'leaves the cutoff in force of a user whose sessions it deleted': async (on) => {
        const session = await on.open(someone());
        const ticket = await on.store.currentTicket();
        await on.cutOff(session.userId);
        equal(await on.drain({ ...WHOLE, deadBefore: NOW + LIFE }), 1);
        const late = { ...session, ticket };
        const rules = { maxSessions: null, whenFull: 'evict', idleBefore: 0 } as const;
        equal(await on.store.open(late, rules), { opened: false, why: 'cut_off' });
      },
    },
    true,
  ),
];

/** Opens, in alternation, so many sessions that are idle at `NOW + IDLE` and as many that were active meanwhile. */
async function deadAndLive(on: StoreUnderTest, count: number): Promise<{ dead: Session[]; live: Session[] }> {
  const dead: Session[] = [];
  const live: Session[] = [];
  for (let turn = 0; turn < count; turn++) {
    dead.push(await on.open(someone(), WITH_IDLE_LIMIT));
    const session = await on.open(someone(), WITH_IDLE_LIMIT);
    await on.touch(session, NOW + 1000 + turn, { touchInterval: 0 });
    live.push(session);
  }
  return { dead, live };
}
