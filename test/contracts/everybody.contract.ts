import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../../src/sessions/session.js';
import { isCutOff } from '../../src/sessions/cutoff.js';
import type { Cutoff, SessionStore } from '../../src/sessions/session-store.js';
import type { OpenedDatabase } from '../../src/storage/sql/opened-database.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import type { SqlDatabase, SqlExecutor } from '../../src/storage/sql/sql-database.js';
import type { SqlValue } from '../../src/storage/sql/sql-value.js';
import { insert } from '../../src/storage/sql/statements.js';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import {
  atOnce,
  endedAs,
  NO_LIMITS,
  NOW,
  sessionOf,
  someone,
} from '../../src/testing/session-store/session-fixtures.js';
import { type DatabaseForTest, stall } from './sql-database.contract.js';
import { signal } from '../support/signal.js';
import { cutOffWhole, wholePage } from '../../src/testing/cut-off-whole.js';

const ROWS = 1_100;
const EVERYBODY: Cutoff = { userId: null, reason: 'revoked_all', at: NOW, idleBefore: 0 };
const pause = () => new Promise((done) => setTimeout(done, 150));

/** What a cutoff of everybody keeps to on every SQL database, step by step. */
export function describeEverybodyInSql(name: string, create: () => Promise<DatabaseForTest>): void {
  describe(`a cutoff of everybody in ${name}`, () => {
    let at: DatabaseForTest;
    let opened: OpenedDatabase;
    let store: SqlSessionStore;

    beforeEach(async () => {
      at = await create();
      opened = await openDatabase({ database: at.options, migrate: true, timeout: 10_000 });
      store = new SqlSessionStore(opened.database);
    });
    afterEach(async () => {
      await opened.close();
      await at.drop();
    });

    const others = ({ userId, guid }: Session): Cutoff => ({ ...EVERYBODY, userId, keep: guid, reason: 'revoked' });
    async function signIn(): Promise<Session> {
      const session = sessionOf(someone(), { ticket: await store.currentTicket() });
      expect(await store.open(session, NO_LIMITS)).toMatchObject({ opened: true });
      return session;
    }
    /** The session and its tokens are over. */
    async function expectOver(session: Session): Promise<void> {
      expect(await store.list(session.userId, false, wholePage(NOW))).toEqual([]);
      expect(isCutOff(await store.cutoffOf(session), session)).toBe(true);
    }
    /** Holds `held` before one of its calls to the database until `meanwhile` is done. */
    async function overtake(
      held: (on: SqlSessionStore) => Promise<unknown>,
      call: number,
      meanwhile: () => Promise<unknown>,
    ): Promise<unknown> {
      const { stalled, resume } = stall(opened.database, call);
      const outcome = held(new SqlSessionStore(stalled));
      await pause();
      await meanwhile();
      resume();
      return outcome;
    }
    const everybody = (on: SessionStore = store) => cutOffWhole(on, EVERYBODY);

    it.each([0, 1, 2])('is not outlived by what a user keeps before its call %i', async (call) => {
      const kept = await signIn();
      await overtake(everybody, call, () => cutOffWhole(store, others(kept)));
      await expectOver(kept);
    });

    it.each([0, 1])('is not outlived by what a user keeps who stalled at their call %i', async (call) => {
      const kept = await signIn();
      await overtake((on) => cutOffWhole(on, others(kept)), call, everybody);
      await expectOver(kept);
    });

    it('has a user end what it covers and has not come to, though they would keep it', async () => {
      const kept = await signIn();
      const ended: unknown[] = [];
      await overtake(everybody, 1, async () =>
        ended.push(await cutOffWhole(store, others(kept)), await store.find(kept)),
      );
      expect(ended).toEqual([1, endedAs(kept, 'revoked')]);
    });

    it('spares what a user keeps from after it, before it has ended the rest', async () => {
      const old = await signIn();
      let kept = old;
      const counted = await overtake(everybody, 1, async () => {
        kept = await signIn();
        await cutOffWhole(store, others(kept));
      });
      expect(counted).toBe(1);
      expect(await store.find(kept)).toMatchObject({ endedAt: null });
      expect(isCutOff(await store.cutoffOf(kept), kept)).toBe(false);
      await expectOver(old);
    });

    it('holds for sign-ins and tokens before a single session has ended', async () => {
      const session = await signIn();
      const late = sessionOf(someone(), { ticket: await store.currentTicket() });
      await overtake(everybody, 1, async () => {
        expect(await store.find(session)).toMatchObject({ endedAt: null });
        expect(isCutOff(await store.cutoffOf(session), session)).toBe(true);
        expect(await store.open(late, NO_LIMITS)).toEqual({ opened: false, why: 'cut_off' });
      });
      await expectOver(session);
    });

    it('refuses a sign-in that stalled before its transaction', async () => {
      const session = sessionOf(someone(), { ticket: await store.currentTicket() });
      const outcome = await overtake((on) => on.open(session, NO_LIMITS), 0, everybody);
      expect(outcome).toEqual({ opened: false, why: 'cut_off' });
    });

    it('waits for a sign-in that has read the cutoffs and is not stored yet, and ends it', async () => {
      const session = sessionOf(someone(), { ticket: await store.currentTicket() });
      const { holding, reached, resume } = hold(opened.database, insert(opened.database.dialect.shareLock).text);
      const signingIn = new SqlSessionStore(holding).open(session, NO_LIMITS);
      await reached;
      let done = false;
      const cutting = everybody().then((count) => {
        done = true;
        return count;
      });
      await pause();
      expect(done).toBe(false);
      resume();
      expect(await signingIn).toMatchObject({ opened: true });
      expect(await cutting).toBe(1);
      expect(await store.find(session)).toEqual(endedAs(session, 'revoked_all'));
    });

    it('ends more than fit a batch, each once, and nothing that is newer, ended or over by time', async () => {
      const old = Array.from({ length: ROWS }, () => sessionOf('many', { ticket: 3 }));
      const newer = Array.from({ length: ROWS }, () => sessionOf('newer', { ticket: 2 ** 52 }));
      const expired = Array.from({ length: 3 }, () => sessionOf('expired', { expiresAt: NOW }));
      await insertRows([...old, ...newer, ...expired]);
      await opened.database.run('UPDATE "session_tickets" SET "latest" = 4 WHERE "id" = ?', [1]);
      expect(await everybody()).toBe(ROWS);
      expect(await openRowsOf('many')).toBe(0);
      expect(await openRowsOf('newer')).toBe(ROWS);
      expect((await store.list('expired', true, wholePage(NOW))).map(({ endReason }) => endReason)).toEqual(
        Array(3).fill('expired'),
      );
      expect(await everybody()).toBe(0);
    });

    it('goes on where another try stopped halfway', async () => {
      const sessions = [await signIn(), await signIn()];
      const broken: SqlDatabase = {
        ...stall(opened.database, 99).stalled,
        rows: () => Promise.reject(new Error('away')),
        get ordinary() {
          return this;
        },
        get bulk() {
          return broken;
        },
      };
      await expect(everybody(new SqlSessionStore(broken))).rejects.toThrow('away');
      for (const session of sessions) expect(await store.find(session)).toMatchObject({ endedAt: null });
      expect(await everybody()).toBe(2);
    });

    it('leaves alive only sign-ins from after it, of many that never pause', async () => {
      const stop = new AbortController();
      const signIns = atOnce(8, async () => {
        const opened: Session[] = [];
        while (!stop.signal.aborted) {
          const session = sessionOf(someone(), { ticket: await store.currentTicket() });
          if ((await store.open(session, NO_LIMITS)).opened) opened.push(session);
          // SQLite answers at once; the rest of the test has its turn here.
          await setImmediate();
        }
        return opened;
      });
      const marks: number[] = [];
      try {
        for (let round = 0; round < 3; round++) {
          await pause();
          await everybody();
          marks.push((await store.cutoffOf({ userId: someone(), guid: 'any' })).ticket);
        }
        await pause();
      } finally {
        stop.abort();
      }
      const sessions = (await signIns).flat();
      const alive: boolean[] = [];
      for (const session of sessions) alive.push((await store.find(session))?.endedAt === null);
      expect(alive).toEqual(sessions.map(({ ticket }) => ticket >= (marks.at(-1) ?? 0)));
      expect(alive).toContain(true);
      expect(alive).toContain(false);
    });

    async function openRowsOf(userId: string): Promise<number> {
      const text = 'SELECT COUNT(*) AS "found" FROM "sessions" WHERE "userId" = ? AND "endedAt" IS NULL';
      const [row] = await opened.database.rows(text, [userId]);
      return Number(row?.found);
    }
    async function insertRows(sessions: readonly Session[]): Promise<void> {
      const columns = ['guid', 'userId', 'refTokID', 'ticket', 'createdAt', 'lastActiveAt', 'expiresAt', 'purgeAt'];
      const into = `INSERT INTO "sessions" (${columns.map((name) => `"${name}"`).join(', ')})`;
      const row = `(${columns.map(() => '?').join(', ')})`;
      for (let from = 0; from < sessions.length; from += 100) {
        const some = sessions.slice(from, from + 100);
        const values = some.flatMap((session) => columns.map((name) => session[name as keyof Session] as SqlValue));
        await opened.database.run(`${into} VALUES ${some.map(() => row).join(', ')}`, values);
      }
    }
  });
}

/** A database whose transactions stop behind one statement, until `resume`. */
function hold(database: SqlDatabase, statement: string) {
  const [gate, passed] = [signal<void>(), signal<void>()];
  const within = (executor: SqlExecutor): SqlExecutor => ({
    rows: (sql, values) => executor.rows(sql, values),
    run: async (sql, values) => {
      const changed = await executor.run(sql, values);
      if (sql !== statement) return changed;
      passed.give();
      await gate.given;
      return changed;
    },
  });
  const holding: SqlDatabase = {
    dialect: database.dialect,
    get ordinary() {
      return this;
    },
    get bulk() {
      return this;
    },
    rows: (sql, values) => database.rows(sql, values),
    run: (sql, values) => database.run(sql, values),
    transaction: (work) => database.transaction((executor) => work(within(executor))),
  };
  return { holding, reached: passed.given, resume: gate.give };
}
