import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../../src/sessions/session.js';
import { isCutOff } from '../../src/sessions/cutoff.js';
import { CutoffColumnStatements } from '../../src/storage/sql/cutoff-column.js';
import type { OpenedDatabase } from '../../src/storage/sql/opened-database.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import { COLUMN, createUsersTable, signUp, type UserIds } from '../support/users-table.js';
import { NO_LIMITS, NOW, sessionOf } from '../../src/testing/session-store/session-fixtures.js';
import type { DatabaseForTest } from './sql-database.contract.js';
import { cutOffWhole } from '../../src/testing/cut-off-whole.js';

const OF = { integer: ['7', '8'], varchar: ['ada', 'bob'] } as const;
const CUT_OFF = { opened: false, why: 'cut_off' };

/** What a store keeps to that shares a column of the app's own users. */
export function describeCutoffColumn(name: string, ids: UserIds, create: () => Promise<DatabaseForTest>): void {
  describe(`a column of users with ${ids} ids in ${name}`, () => {
    const [ada, bob] = OF[ids];
    let at: DatabaseForTest;
    let opened: OpenedDatabase;
    let store: SqlSessionStore;
    /** A process that does not know of the column. */
    let plain: SqlSessionStore;

    beforeEach(async () => {
      at = await create();
      await createUsersTable(at.options, ids);
      opened = await openDatabase({ database: at.options, migrate: true, timeout: 10_000 });
      store = new SqlSessionStore(opened.database, new CutoffColumnStatements(COLUMN));
      plain = new SqlSessionStore(opened.database);
      for (const user of [ada, bob]) await signUp(opened.database, user);
    });
    afterEach(async () => {
      await opened.close();
      await at.drop();
    });

    async function signIn(userId: string = ada): Promise<Session> {
      const session = sessionOf(userId, { ticket: await store.currentTicket() });
      expect(await store.open(session, NO_LIMITS)).toMatchObject({ opened: true });
      return session;
    }
    const cutOff = (userId: string | null, keep?: string, on = store) =>
      cutOffWhole(on, { userId, keep, reason: 'revoked', at: NOW, idleBefore: 0 });
    const covered = async (session: Session) => isCutOff(await store.cutoffOf(session), session);
    async function columnOf(userId: string): Promise<number | null> {
      const [row] = await opened.database.rows('SELECT "cutoff" FROM "users" WHERE "id" = ?', [userId]);
      return row?.cutoff === null ? null : Number(row?.cutoff);
    }
    const write = (userId: string, value: number | null) =>
      opened.database.run('UPDATE "users" SET "cutoff" = ? WHERE "id" = ?', [value, userId]);
    /** What the docs tell an app to do. */
    const cutOffBySql = (userId: string) =>
      opened.database.transaction(async (executor) => {
        await executor.run('UPDATE "session_tickets" SET "latest" = "latest" + 1 WHERE "id" = 1', []);
        const latest = '(SELECT "latest" FROM "session_tickets" WHERE "id" = 1)';
        await executor.run(`UPDATE "users" SET "cutoff" = ${latest} WHERE "id" = ?`, [userId]);
      });

    it('is written with a cutoff, and that of nobody else', async () => {
      const [session, others] = [await signIn(), await signIn(bob)];
      expect([await covered(session), await columnOf(ada)]).toEqual([false, null]);
      expect(await cutOff(ada)).toBe(1);
      expect([await columnOf(ada), await columnOf(bob)]).toEqual([await store.currentTicket(), null]);
      expect([await covered(session), await covered(others)]).toEqual([true, false]);
    });

    it('spares what a cutoff keeps, and what was signed in after it', async () => {
      const [kept, other] = [await signIn(), await signIn()];
      await cutOff(ada, kept.guid);
      const next = await signIn();
      expect([await covered(kept), await covered(other), await covered(next)]).toEqual([false, true, false]);
      expect(await store.cutoffOf(kept)).toEqual({ ticket: await columnOf(ada), kept: kept.guid });
    });

    it('only moves forward', async () => {
      const far = 2 ** 52;
      await write(ada, far);
      await cutOff(ada);
      expect(await columnOf(ada)).toBe(far);
    });

    it('holds as the app has moved it, exactly, for tokens and for sign-ins', async () => {
      const [session, ticket, others] = [await signIn(), await store.currentTicket(), await signIn(bob)];
      await cutOffBySql(ada);
      expect([await covered(session), await covered(others)]).toEqual([true, false]);
      expect(await store.open(sessionOf(ada, { ticket }), NO_LIMITS)).toEqual(CUT_OFF);
      expect(await store.open(sessionOf(bob, { ticket }), NO_LIMITS)).toMatchObject({ opened: true });
      expect(await covered(await signIn())).toBe(false);
    });

    it('has the app end what a cutoff had kept', async () => {
      const kept = await signIn();
      await cutOff(ada, kept.guid);
      await cutOffBySql(ada);
      expect(await covered(kept)).toBe(true);
    });

    it('keeps nothing the app had ended', async () => {
      const session = await signIn();
      await cutOffBySql(ada);
      expect(await cutOff(ada, session.guid)).toBe(1);
      expect(await store.find(session)).toMatchObject({ endReason: 'revoked' });
      expect(await covered(session)).toBe(true);
      const kept = await signIn();
      expect(await cutOff(ada, kept.guid)).toBe(0);
      expect(await covered(kept)).toBe(false);
    });

    it('takes back no cutoff of a process that does not know of it, nor by being emptied', async () => {
      const session = await signIn();
      const ticket = await store.currentTicket();
      await cutOff(ada, undefined, plain);
      expect([await columnOf(ada), await covered(session)]).toEqual([null, true]);
      expect(await store.open(sessionOf(ada, { ticket }), NO_LIMITS)).toEqual(CUT_OFF);
      await cutOff(ada);
      await write(ada, null);
      expect(await covered(session)).toBe(true);
    });

    it('of a user who is gone covers everything', async () => {
      const [session, others] = [await signIn(), await signIn(bob)];
      await opened.database.run('DELETE FROM "users" WHERE "id" = ?', [ada]);
      expect([await covered(session), await covered(others)]).toEqual([true, false]);
      const ticket = await store.currentTicket();
      expect(await store.open(sessionOf(ada, { ticket }), NO_LIMITS)).toEqual(CUT_OFF);
      expect(await cutOff(ada, session.guid)).toBe(1);
      expect(await store.find(session)).toMatchObject({ endReason: 'revoked' });
    });

    it('does not touch a cutoff of everybody, or one of a device', async () => {
      const [session, others] = [await signIn(), await signIn(bob)];
      await store.end(session, { reason: 'revoked', at: NOW, idleBefore: 0, cutUntil: NOW + 1 });
      expect([await covered(session), await covered(others)]).toEqual([true, false]);
      expect(await cutOff(null)).toBe(1);
      expect(await covered(others)).toBe(true);
      expect(await store.cutoffOf({ userId: bob, guid: 'any' })).toEqual({
        ticket: await store.currentTicket(),
        kept: null,
      });
      expect([await columnOf(ada), await columnOf(bob)]).toEqual([null, null]);
      expect(await covered(await signIn())).toBe(false);
    });

    it('is written with the cutoff or not at all', async () => {
      const session = await signIn();
      const broken = new CutoffColumnStatements({ ...COLUMN });
      Object.assign(broken, { move: 'UPDATE "gone" SET "a" = ? WHERE "b" = ? AND "c" < ?' });
      await expect(cutOff(ada, undefined, new SqlSessionStore(opened.database, broken))).rejects.toBeDefined();
      expect([await columnOf(ada), await covered(session)]).toEqual([null, false]);
      expect(await store.find(session)).toMatchObject({ endedAt: null });
    });
  });
}
