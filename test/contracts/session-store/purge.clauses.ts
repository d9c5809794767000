import { describe, expect, it } from '@jest/globals';
import type { Session } from '../../../src/sessions/session.js';
import { atOnce, Bench, guidsOf, LIFE, NOW, type OpenStore, someone } from './bench.js';

const IDLE = 50_000;
const WHOLE = { at: NOW, idleTimeout: null, limit: 1000 };
/** A session purge has to look at when it may first be idle. */
const WITH_IDLE_LIMIT = { purgeAt: NOW + IDLE };

/** purge. */
export function describePurge(open: OpenStore): void {
  describe('purge', () => {
    const on = new Bench(open, 'a store each');

    it('deletes a session once it was ended for the retention, not before', async () => {
      const session = await on.open(someone());
      await on.end(session, 'revoked', NOW + 5);
      expect(await on.store.purge({ ...WHOLE, deadBefore: NOW + 4 })).toMatchObject({ deleted: 0 });
      expect(await on.guids(session.userId, true)).toEqual(guidsOf(session));
      expect(await on.store.purge({ ...WHOLE, deadBefore: NOW + 5 })).toMatchObject({ deleted: 1 });
      expect(await on.store.find(session)).toBeUndefined();
      expect(await on.guids(session.userId, true)).toEqual([]);
    });

    it('deletes a session once it is expired for the retention, not before', async () => {
      const session = await on.open(someone());
      expect(await on.store.purge({ ...WHOLE, deadBefore: session.expiresAt - 1 })).toMatchObject({ deleted: 0 });
      expect(await on.store.find(session)).toBeDefined();
      expect(await on.store.purge({ ...WHOLE, deadBefore: session.expiresAt })).toMatchObject({ deleted: 1 });
      expect(await on.store.check(session)).toBeUndefined();
    });

    it('deletes a session once it is idle for the retention, not before', async () => {
      const session = await on.open(someone(), WITH_IDLE_LIMIT);
      const round = { at: NOW, idleTimeout: IDLE, limit: 10 };
      expect(await on.store.purge({ ...round, deadBefore: NOW + IDLE - 1 })).toMatchObject({ deleted: 0 });
      expect(await on.store.find(session)).toBeDefined();
      expect(await on.store.purge({ ...round, deadBefore: NOW + IDLE })).toMatchObject({ deleted: 1 });
      expect(await on.store.find(session)).toBeUndefined();
    });

    it('keeps a session that was active since, and deletes it when it is idle after that', async () => {
      const [touched, renewed] = [await on.open(someone(), WITH_IDLE_LIMIT), await on.open(someone(), WITH_IDLE_LIMIT)];
      await on.touch(touched, NOW + 10, { touchInterval: 0 });
      await on.rotate(renewed, renewed.refTokID, 'next', NOW + 20);
      const round = { at: NOW, idleTimeout: IDLE, limit: 10 };
      expect(await on.drain({ ...round, deadBefore: NOW + IDLE })).toBe(0);
      expect(await on.drain({ ...round, deadBefore: NOW + IDLE + 9 })).toBe(0);
      expect(await on.drain({ ...round, deadBefore: NOW + IDLE + 10 })).toBe(1);
      expect(await on.store.find(touched)).toBeUndefined();
      expect(await on.store.find(renewed)).toMatchObject({ refTokID: 'next', endedAt: null });
      expect(await on.drain({ ...round, deadBefore: NOW + IDLE + 20 })).toBe(1);
      expect(await on.store.find(renewed)).toBeUndefined();
    });

    it('keeps the retention of a session that ended after purge had looked at it', async () => {
      const session = await on.open(someone(), WITH_IDLE_LIMIT);
      await on.touch(session, NOW + IDLE, { touchInterval: 0 });
      const round = { at: NOW, idleTimeout: IDLE, limit: 10 };
      expect(await on.drain({ ...round, deadBefore: NOW + IDLE })).toBe(0);
      await on.end(session, 'revoked', NOW + IDLE + 30);
      expect(await on.drain({ ...round, deadBefore: NOW + IDLE + 29 })).toBe(0);
      expect(await on.drain({ ...round, deadBefore: NOW + IDLE + 30 })).toBe(1);
    });

    it('keeps an inactive session until its end where no idle limit is set', async () => {
      const session = await on.open(someone(), { ...WITH_IDLE_LIMIT, lastActiveAt: NOW });
      expect(await on.drain({ ...WHOLE, deadBefore: session.expiresAt - 1 })).toBe(0);
      expect(await on.store.find(session)).toMatchObject({ lastActiveAt: NOW, endedAt: null });
      expect(await on.drain({ ...WHOLE, deadBefore: session.expiresAt })).toBe(1);
    });

    it.each([null, IDLE])('keeps a session of the farthest end, with the idle limit %s', async (idleTimeout) => {
      const far = { expiresAt: Number.MAX_SAFE_INTEGER, lastActiveAt: Number.MAX_SAFE_INTEGER - IDLE };
      const session = await on.open(someone(), { ...far, ...WITH_IDLE_LIMIT });
      const round = { at: NOW, idleTimeout, limit: 3 };
      expect(await on.drain({ ...round, deadBefore: Number.MAX_SAFE_INTEGER - 1 })).toBe(0);
      expect(await on.store.find(session)).toMatchObject(far);
      expect(await on.drain({ ...round, deadBefore: Number.MAX_SAFE_INTEGER })).toBe(1);
    });

    it('deletes at most the limit at a time, and tells when there may be more', async () => {
      const sessions = await atOnce(25, () => on.open(someone()));
      const round = { at: NOW, idleTimeout: null, limit: 10, deadBefore: NOW + LIFE };
      expect(await on.store.purge(round)).toEqual({ deleted: 10, visited: 10 });
      expect(await on.store.purge(round)).toEqual({ deleted: 10, visited: 10 });
      const last = await on.store.purge(round);
      expect(last.deleted).toBe(5);
      expect(last.visited).toBeLessThan(10);
      expect(await on.store.purge(round)).toEqual({ deleted: 0, visited: 0 });
      for (const session of sessions) expect(await on.store.find(session)).toBeUndefined();
    });

    it('finds nothing to do in an empty store', async () => {
      expect(await on.store.purge({ ...WHOLE, deadBefore: NOW })).toEqual({ deleted: 0, visited: 0 });
    });

    it('comes to an end among sessions that proved alive, and changes nothing a user can see of them', async () => {
      const { dead, live } = await deadAndLive(on, 25);
      const before = await Promise.all(live.map((session) => on.store.find(session)));
      expect(await on.drain({ at: NOW, idleTimeout: IDLE, limit: 7, deadBefore: NOW + IDLE })).toBe(25);
      for (const session of dead) expect(await on.store.find(session)).toBeUndefined();
      for (const [index, session] of live.entries()) {
        const row = await on.store.find(session);
        expect(row).toEqual({ ...before[index], purgeAt: row?.purgeAt });
      }
    });

    it('deletes each dead row once when two purge at once, and no live one', async () => {
      const { dead, live } = await deadAndLive(on, 40);
      const round = { at: NOW, idleTimeout: IDLE, limit: 7, deadBefore: NOW + IDLE };
      const [one, two] = await atOnce(2, () => on.drain(round));
      expect((one ?? 0) + (two ?? 0) + (await on.drain(round))).toBe(40);
      for (const session of dead) expect(await on.store.find(session)).toBeUndefined();
      for (const session of live) expect(await on.store.find(session)).toMatchObject({ endedAt: null });
    });

    it('takes no session away that is renewed at the same time', async () => {
      const sessions = await atOnce(20, () => on.open(someone(), WITH_IDLE_LIMIT));
      const at = NOW + IDLE - 1;
      const round = { at: NOW, idleTimeout: IDLE, limit: 5, deadBefore: NOW + IDLE };
      const renewals = sessions.map((session) => on.rotate(session, session.refTokID, 'next', at, at - IDLE));
      const [deleted, ...renewed] = await Promise.all([on.drain(round), ...renewals]);
      for (const [index, session] of sessions.entries()) {
        const row = await on.store.find(session);
        expect(row?.refTokID).toBe(renewed[index]?.refTokID);
      }
      expect(deleted + renewed.filter((row) => row !== undefined).length).toBe(20);
    });

    it('leaves the cutoff of a user in force whose sessions it deleted', async () => {
      const session = await on.open(someone());
      const ticket = await on.store.currentTicket();
      await on.cutOff(session.userId);
      expect(await on.drain({ ...WHOLE, deadBefore: NOW + LIFE })).toBe(1);
      const late = { ...session, ticket };
      const rules = { maxSessions: null, whenFull: 'evict', idleBefore: 0 } as const;
      expect(await on.store.open(late, rules)).toEqual({ opened: false, why: 'cut_off' });
    });
  });
}

/** So many sessions that are idle at `NOW + IDLE`, and as many that were active meanwhile, in turn. */
async function deadAndLive(on: Bench, count: number): Promise<{ dead: Session[]; live: Session[] }> {
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
