import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import Database from 'better-sqlite3';
import type { Session } from '../../src/sessions/session.js';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import type { OpenedDatabase } from '../../src/storage/sql/opened-database.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import {
  atOnce,
  CLIENT,
  NO_LIMITS,
  NOW,
  sessionOf,
  someone,
} from '../../src/testing/session-store/session-fixtures.js';
import { describeSessionStore } from '../contracts/session-store.contract.js';
import { describeSqlDatabase } from '../contracts/sql-database.contract.js';
import { cutOffWhole } from '../../src/testing/cut-off-whole.js';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { failureOf } from '../support/expect.js';

const TIMEOUT = 10_000;
const REVOKED = { reason: 'revoked', at: NOW, idleBefore: 0 } as const;

describeSessionStore('in a SQLite file', async () => {
  const { options, drop } = await createDatabase('sqlite');
  const { database, close } = await openDatabase({ database: options, migrate: true, timeout: TIMEOUT });
  const closeAll = async () => {
    await close();
    await drop();
  };
  return { store: new SqlSessionStore(database), close: closeAll };
});

describeSqlDatabase('SQLite', () => createDatabase('sqlite'));

describe('the SQLite file', () => {
  let at: TestDatabase;
  let file: string;
  let opened: OpenedDatabase;
  let store: SqlSessionStore;

  beforeEach(async () => {
    at = await createDatabase('sqlite');
    file = at.url.slice('sqlite:'.length);
    opened = await openAgain();
    store = new SqlSessionStore(opened.database);
  });
  afterEach(async () => {
    await opened.close();
    await at.drop();
  });

  const openAgain = (timeout = TIMEOUT) => openDatabase({ database: at.options, migrate: true, timeout });

  async function signIn(extra: Partial<Session> = {}): Promise<Session> {
    const session = sessionOf(someone(), extra);
    expect(await store.open(session, NO_LIMITS)).toMatchObject({ opened: true });
    return session;
  }

  /** The ends that are in the file, as a stranger to this process reads it. */
  function endsInFile(...sessions: readonly Session[]): (string | null)[] {
    const reader = new Database(file, { readonly: true });
    try {
      const row = reader.prepare('SELECT endReason FROM sessions WHERE guid = ?').pluck();
      return sessions.map(({ guid }) => row.get(guid) as string | null);
    } finally {
      reader.close();
    }
  }

  function execute(statement: string): void {
    const stranger = new Database(file);
    stranger.exec(statement);
    stranger.close();
  }

  describe("under another writer's lock", () => {
    it('waits without holding up the event loop, and then writes', async () => {
      const sessions = await atOnce(5, () => signIn());
      const [ended, rotated, cutOff, touched, renamed] = sessions as [Session, Session, Session, Session, Session];
      const holder = new Database(file);
      holder.exec('BEGIN IMMEDIATE');
      const newcomer = sessionOf(someone());
      const key = { userId: rotated.userId, guid: rotated.guid };
      const rotation = { ...key, from: rotated.refTokID, to: 'next', at: NOW, idleBefore: 0, ...CLIENT };
      const touch = { ...touched, at: NOW + 1, ...CLIENT };
      let done = 0;
      const writes = [
        store.open(newcomer, NO_LIMITS),
        store.end(ended, REVOKED),
        store.rotate(rotation),
        cutOffWhole(store, { userId: cutOff.userId, ...REVOKED }),
        store.touch([touch], { touchInterval: 0, at: NOW + 1, idleBefore: 0 }),
        store.rename(renamed, 'Kitchen'),
        store.purge({ at: NOW, deadBefore: NOW - 1, idleTimeout: null, limit: 10 }),
      ].map((write) => write.then((answer) => [++done, answer][1]));
      for (let turn = 0; turn < 100; turn++) await setImmediate();
      expect(done).toBe(0);
      expect(await store.check(ended)).toMatchObject({ endedAt: null });
      holder.exec('ROLLBACK');
      holder.close();
      const [inserted, ...answers] = await Promise.all(writes);
      expect(inserted).toMatchObject({ opened: true });
      expect(answers).toMatchObject(['ended', { refTokID: 'next' }, 1, 1, true, { deleted: 0 }]);
      expect(endsInFile(ended, cutOff, newcomer)).toEqual(['revoked', 'revoked', null]);
    });

    it('rejects when the lock outlasts the timeout, and has written nothing', async () => {
      const session = await signIn();
      const hasty = await openAgain(20);
      const holder = new Database(file);
      holder.exec('BEGIN IMMEDIATE');
      const hastyStore = new SqlSessionStore(hasty.database);
      expect(await failureOf(hastyStore.end(session, REVOKED))).toContain('locked');
      expect(await failureOf(cutOffWhole(hastyStore, { userId: session.userId, ...REVOKED }))).toContain('locked');
      holder.exec('ROLLBACK');
      holder.close();
      expect(endsInFile(session)).toEqual([null]);
      expect(await hastyStore.end(session, REVOKED)).toBe('ended');
      await hasty.close();
    });
  });

  describe('with a statement that fails', () => {
    const failing = (how: string, on: string, name: string) =>
      execute(`CREATE TRIGGER made_to_fail BEFORE ${on} ON sessions WHEN ${name} = 'fails'
        BEGIN SELECT RAISE(${how}, 'made to fail'); END`);

    it.each(['ABORT', 'FAIL', 'ROLLBACK'])(
      'undoes the ends of a sign-in that could not be stored (%s)',
      async (how) => {
        failing(how, 'INSERT', 'NEW.name');
        const former = await signIn();
        const { userId } = former;
        const older = sessionOf(userId, { lastActiveAt: NOW - 1 });
        await store.open(older, NO_LIMITS);
        const rules = { ...NO_LIMITS, maxSessions: 1, replaces: former.guid };
        expect(await failureOf(store.open(sessionOf(userId, { name: 'fails' }), rules))).toContain('made to fail');
        expect(endsInFile(former, older)).toEqual([null, null]);
        expect(await store.open(sessionOf(userId), rules)).toMatchObject({ opened: true });
        expect(endsInFile(former, older)).toEqual(['replaced', 'evicted']);
      },
    );

    it.each(['ABORT', 'FAIL', 'ROLLBACK'])(
      'leaves a cutoff in force that could not end every session, and the next one ends the rest (%s)',
      async (how) => {
        const first = await signIn();
        const { userId, ticket } = first;
        await store.open(sessionOf(userId, { name: 'fails' }), NO_LIMITS);
        failing(how, 'UPDATE OF endedAt', 'OLD.name');
        expect(await failureOf(cutOffWhole(store, { userId, ...REVOKED }))).toContain('made to fail');
        // What FAIL met before it failed stays done.
        const isOver = how === 'FAIL';
        expect(endsInFile(first)).toEqual([isOver ? 'revoked' : null]);
        expect(await store.open(sessionOf(userId, { ticket }), NO_LIMITS)).toEqual({ opened: false, why: 'cut_off' });
        execute('DROP TRIGGER made_to_fail');
        expect(await cutOffWhole(store, { userId, ...REVOKED })).toBe(isOver ? 1 : 2);
      },
    );

    it('takes nothing with it that was written beside it', async () => {
      failing('ABORT', 'INSERT', 'NEW.name');
      const sessions = await atOnce(10, () => signIn());
      const fails = () => store.open(sessionOf(someone(), { name: 'fails' }), NO_LIMITS);
      const calls = sessions.flatMap((session) => [fails(), store.end(session, REVOKED), fails()]);
      const newcomers = Array.from({ length: 10 }, () => sessionOf(someone()));
      for (const newcomer of newcomers) calls.push(fails(), store.open(newcomer, NO_LIMITS));
      const settled = await Promise.allSettled(calls);
      expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(30);
      expect(endsInFile(...sessions)).toEqual(sessions.map(() => 'revoked'));
      expect(endsInFile(...newcomers)).toEqual(newcomers.map(() => null));
    });
  });

  it('goes on after a transaction whose work throws before it has begun', async () => {
    const failing = opened.database.transaction(() => {
      throw new Error('at once');
    });
    expect(await failureOf(failing)).toBe('at once');
    await signIn();
  });
});
