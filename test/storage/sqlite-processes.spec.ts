import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
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
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { programOf } from '../support/process/programs.mjs';
import type { Job } from './sqlite.child.js';

const TIMEOUT = 10_000;
const PATIENCE = 60_000;
/** `npm run test:races` kills hundreds. */
const KILLS = 10;
const REVOKED = { reason: 'revoked', at: NOW, idleBefore: 0 } as const;

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

  describe('under several processes', () => {
    const children: ChildProcess[] = [];

    afterEach(() => {
      for (const child of children.splice(0)) child.kill('SIGKILL');
    });

    async function startChild(database = file): Promise<ChildProcess> {
      const child = fork(await programOf('test/storage/sqlite.child.ts'), [database], { execArgv: [] });
      children.push(child);
      await answerOf(child);
      return child;
    }

    async function answerOf(child: ChildProcess): Promise<unknown> {
      const listening = new AbortController();
      const ended = once(child, 'exit', listening).then(([code, signal]) => {
        throw new Error(`the process ended with ${code ?? signal} before it answered`);
      });
      try {
        return (await Promise.race([once(child, 'message', listening), ended]))[0];
      } finally {
        listening.abort();
      }
    }

    async function ask(child: ChildProcess, job: Job): Promise<unknown> {
      const answer = answerOf(child);
      child.send(job);
      return answer;
    }

    it(
      'lets one of three win each of 200 rounds of renewal',
      async () => {
        const [one, two] = [await startChild(), await startChild()];
        const { guid, userId, refTokID } = await signIn();
        let from = refTokID;
        for (let round = 0; round < 200; round++) {
          const swapTo = (to: string) => ({ guid, userId, from, to, at: NOW, idleBefore: 0, ...CLIENT });
          const winners = await Promise.all([
            ask(one, { do: 'rotate', rotation: swapTo(`one ${round}`) }),
            ask(two, { do: 'rotate', rotation: swapTo(`two ${round}`) }),
            store.rotate(swapTo(`three ${round}`)).then((row) => row !== undefined),
          ]);
          expect(winners.filter((won) => won)).toHaveLength(1);
          const to = `${['one', 'two', 'three'][winners.indexOf(true)]} ${round}`;
          expect(await store.find({ guid, userId })).toMatchObject({ refTokID: to, predecessor: from });
          from = to;
        }
      },
      PATIENCE,
    );

    it(
      `keeps an end that was acknowledged to a process killed right after, ${KILLS} times`,
      async () => {
        const sessions = await atOnce(KILLS, () => signIn());
        const queue = [...sessions];
        const lane = async () => {
          for (let session = queue.shift(); session; session = queue.shift()) {
            const child = await startChild();
            const exit = once(child, 'exit');
            const { userId, guid } = session;
            child.send({ do: 'endAndDie', key: { userId, guid }, ending: REVOKED } satisfies Job);
            expect(await exit).toEqual([null, 'SIGKILL']);
            expect(await store.check(session)).toMatchObject({ endedAt: NOW, endReason: 'revoked' });
          }
        };
        await Promise.all([lane(), lane()]);
        await opened.close();
        opened = await openAgain();
        expect(endsInFile(...sessions)).toEqual(sessions.map(() => 'revoked'));
      },
      PATIENCE,
    );

    it(
      'opens and migrates a new file once when three processes start at once',
      async () => {
        const fresh = await createDatabase('sqlite');
        const starting = await atOnce(3, () => startChild(fresh.url.slice('sqlite:'.length)));
        expect(await Promise.all(starting.map((child) => ask(child, { do: 'start' })))).toEqual([0, 0, 0]);
        await fresh.drop();
      },
      PATIENCE,
    );
  });
});
