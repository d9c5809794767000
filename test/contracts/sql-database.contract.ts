import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { Companion } from '../../src/sessions/companion.js';
import type { Session } from '../../src/sessions/session.js';
import type { Cutoff } from '../../src/sessions/session-store.js';
import { ownMigrations, sessionMigrations } from '../../src/storage/typeorm/migrate.js';
import type { OpenedDatabase } from '../../src/storage/sql/opened-database.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import type { SqlDatabase, SqlExecutor } from '../../src/storage/sql/sql-database.js';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import { NO_LIMITS, NOW, sessionOf, someone } from '../../src/testing/session-store/session-fixtures.js';
import { cutOffWhole, wholePage } from '../../src/testing/cut-off-whole.js';

const TIMEOUT = 10_000;
const TABLES = ['session_cutoffs', 'session_denials', 'session_tickets', 'sessions'];

/** An empty database, and how to let go of it. */
export interface DatabaseForTest {
  readonly options: DataSourceOptions;
  drop(): Promise<void>;
}

/** What the tables keep to on every SQL database, beside the contract of the store. */
export function describeSqlDatabase(name: string, create: () => Promise<DatabaseForTest>): void {
  describe(`the tables in ${name}`, () => {
    let at: DatabaseForTest;
    let opened: OpenedDatabase;
    let store: SqlSessionStore;

    beforeEach(async () => {
      at = await create();
      opened = await openAgain();
      store = new SqlSessionStore(opened.database);
    });
    afterEach(async () => {
      await opened.close();
      await at.drop();
    });

    const openAgain = () => openDatabase({ database: at.options, migrate: true, timeout: TIMEOUT });

    async function signIn(): Promise<Session> {
      const session = sessionOf(someone());
      expect(await store.open(session, NO_LIMITS)).toMatchObject({ opened: true });
      return session;
    }

    it('take what a companion writes with a sign-in, an end or a cutoff, or nothing of both', async () => {
      await opened.database.run('CREATE TABLE "notes" ("text" varchar(20))', []);
      const note =
        (text: string): Companion<unknown> =>
        async (_, transaction) =>
          void (await (transaction as SqlExecutor).run('INSERT INTO "notes" VALUES (?)', [text]));
      const refuse: Companion<unknown> = () => Promise.reject(new Error('refused'));
      const ending = { reason: 'revoked', at: NOW, idleBefore: 0 } as const;
      const session = sessionOf(someone());
      const { userId } = session;
      for (const companions of [[note('undone'), refuse], [note('stored')]]) {
        const change = [
          () => store.open(session, { ...NO_LIMITS, companions }),
          () => store.end(session, { ...ending, companions }),
          () => store.cutOff({ ...ending, userId, companions }),
          () => store.cutOff({ ...ending, userId: null, companions }),
        ];
        for (const make of change) await make().catch((error: Error) => expect(error.message).toBe('refused'));
        if (companions.length > 1) expect(await store.end(session, { ...ending, companions })).toBe('unknown');
      }
      const rows = await opened.database.rows('SELECT "text" FROM "notes"', []);
      expect(rows.map(({ text }) => text)).toEqual(Array(4).fill('stored'));
    });

    describe('as they are migrated', () => {
      let dataSource: DataSource;

      beforeEach(async () => {
        dataSource = await connect(at.options);
        // TypeORM reads the defaults of a MariaDB server right under its own name alone.
        if (!(await isMariadb(dataSource))) return;
        await dataSource.destroy();
        dataSource = await connect({ ...at.options, type: 'mariadb' } as DataSourceOptions);
      });
      afterEach(() => dataSource.destroy());

      it('are what the entities say', async () => {
        const { upQueries, downQueries } = await dataSource.driver.createSchemaBuilder().log();
        expect([...upQueries, ...downQueries].map(({ query }) => query)).toEqual([]);
      });

      it('are gone after the migration was undone, and there again after it was run', async () => {
        const runner = dataSource.createQueryRunner();
        for (const _ of sessionMigrations) await dataSource.undoLastMigration();
        for (const table of TABLES) expect(await runner.hasTable(table)).toBe(false);
        await dataSource.runMigrations();
        for (const table of TABLES) expect(await runner.hasTable(table)).toBe(true);
        await runner.release();
        expect(await store.find(await signIn())).toBeDefined();
      });

      it('are not migrated twice, and keep what is in them', async () => {
        const session = await signIn();
        const again = await openAgain();
        expect(await new SqlSessionStore(again.database).find(session)).toEqual(session);
        await again.close();
      });
    });

    it('number cutoffs past those whose writes were lost, as in a failover', async () => {
      const cutOff = async () => {
        await store.cutOff({ userId: someone(), reason: 'revoked_all', at: NOW, idleBefore: 0 });
        return store.currentTicket();
      };
      const lost = await cutOff();
      await opened.database.run('UPDATE "session_tickets" SET "latest" = ? WHERE "id" = 1', [3]);
      // A failover takes longer than a millisecond.
      await new Promise((done) => setTimeout(done, 5));
      expect(await cutOff()).toBeGreaterThan(lost);
    });

    describe('under two cutoffs of one user', () => {
      const all = (userId: string): Cutoff => ({ userId, reason: 'revoked_all', at: NOW, idleBefore: 0 });
      const others = ({ userId, guid }: Session): Cutoff => ({ ...all(userId), keep: guid, reason: 'revoked' });

      /** Holds `first` before one of its calls to the database until `second` is acknowledged. */
      async function overtake(first: Cutoff, heldCall: number, second: Cutoff): Promise<void> {
        const { stalled, resume } = stall(opened.database, heldCall);
        const held = cutOffWhole(new SqlSessionStore(stalled), first);
        await cutOffWhole(store, second);
        resume();
        await held;
      }

      it.each([0, 1])(
        'end all, though one that keeps a session overtakes the other before its call %i',
        async (call) => {
          const kept = await signIn();
          await overtake(all(kept.userId), call, others(kept));
          expect(await store.list(kept.userId, false, wholePage(NOW))).toEqual([]);
        },
      );

      it.each([0, 1])('keep nothing, though one that ends all overtakes the other before its call %i', async (call) => {
        const kept = await signIn();
        await overtake(others(kept), call, all(kept.userId));
        expect(await store.list(kept.userId, false, wholePage(NOW))).toEqual([]);
      });

      it.each([0, 1])('spare a sign-in that came after both, whoever overtook before its call %i', async (call) => {
        const kept = await signIn();
        await overtake(all(kept.userId), call, others(kept));
        const later = sessionOf(kept.userId, { ticket: await store.currentTicket() });
        expect(await store.open(later, NO_LIMITS)).toMatchObject({ opened: true });
        expect(await store.find(later)).toMatchObject({ endedAt: null });
      });
    });
  });
}

/** A database that holds one call and all that come after it, until `resume`. */
export function stall(database: SqlDatabase, heldCall: number): { stalled: SqlDatabase; resume: () => void } {
  let resume = () => {};
  const gate = new Promise<void>((open) => {
    resume = open;
  });
  let calls = 0;
  const pass = async <T>(call: () => Promise<T>): Promise<T> => {
    if (calls++ >= heldCall) await gate;
    return call();
  };
  const stalled: SqlDatabase = {
    dialect: database.dialect,
    get ordinary() {
      return this;
    },
    get bulk() {
      return this;
    },
    rows: (sql, values) => pass(() => database.rows(sql, values)),
    run: (sql, values) => pass(() => database.run(sql, values)),
    transaction: (work) => pass(() => database.transaction(work)),
  };
  return { stalled, resume };
}

function connect(options: DataSourceOptions): Promise<DataSource> {
  return new DataSource({ ...options, ...ownMigrations } as DataSourceOptions).initialize();
}

async function isMariadb(dataSource: DataSource): Promise<boolean> {
  if (dataSource.options.type !== 'mysql') return false;
  const [row] = (await dataSource.query('SELECT VERSION() AS version')) as { version: string }[];
  return row?.version.includes('MariaDB') ?? false;
}
