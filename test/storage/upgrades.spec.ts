import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { isCutOff } from '../../src/sessions/cutoff.js';
import type { Session } from '../../src/sessions/session.js';
import { ownMigrations, sessionMigrations } from '../../src/storage/typeorm/migrate.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { MIGRATIONS } from '../../src/storage/sql/migrations/migrations.js';
import type { OpenedDatabase } from '../../src/storage/sql/opened-database.js';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import { endedAs, NO_LIMITS, NOW, sessionOf } from '../../src/testing/session-store/session-fixtures.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';

const TICKET = 5;
const LIVE = sessionOf('ada', { ticket: TICKET });
const ENDED = endedAs(sessionOf('ada'), 'signed_out');
const CUT_OFF = sessionOf('bob', { ticket: TICKET - 2 });
const KEPT = sessionOf('bob', { ticket: TICKET });
/** What an earlier version asks again after. */
const BUSY = /SQLITE_BUSY|database is locked|deadlock/i;

/** A process of the version that knew the first tables alone: it reads, opens and ends sessions in plain SQL. */
class EarlierProcess {
  private constructor(private readonly dataSource: DataSource) {}

  /** With the tables as the first so many migrations made them. */
  static async migratedTo(options: DataSourceOptions, count: number): Promise<EarlierProcess> {
    // SQLite waits within the process, which is here that of the migration too.
    const given = { ...options, ...ownMigrations, timeout: 1, migrations: sessionMigrations.slice(0, count) };
    const dataSource = await new DataSource(given as DataSourceOptions).initialize();
    await dataSource.runMigrations();
    return new EarlierProcess(dataSource);
  }

  async open(session: Session): Promise<void> {
    const { suspicion: _, ...row } = session;
    const [columns, values] = [Object.keys(row), Object.values(row)];
    await this.#patiently(`INSERT INTO "sessions" (${columns.map((one) => `"${one}"`)}) VALUES (${values.map(text)})`);
  }

  /** Draws a number, and has it end the earlier sign-ins of the user. */
  async cutOff(userId: string): Promise<void> {
    await this.#patiently(`UPDATE "session_tickets" SET "latest" = ${TICKET} WHERE "id" = 1`);
    await this.#patiently(`INSERT INTO "session_cutoffs" ("userId", "ticket") VALUES (${text(userId)}, ${TICKET})`);
  }

  /** What a request and a sign-out of it do. */
  async serves(session: Session): Promise<void> {
    await this.open(session);
    const where = `WHERE "guid" = ${text(session.guid)} AND "userId" = ${text(session.userId)}`;
    const rows = await this.#patiently(`SELECT "refTokID", "endedAt" FROM "sessions" ${where}`);
    expect(rows).toEqual([{ refTokID: session.refTokID, endedAt: null }]);
    const end = `"endedAt" = ${NOW}, "endReason" = 'revoked', "purgeAt" = ${NOW}`;
    await this.#patiently(`UPDATE "sessions" SET ${end} ${where}`);
  }

  stop(): Promise<void> {
    return this.dataSource.destroy();
  }

  async #patiently(sql: string): Promise<unknown[]> {
    const { driver } = this.dataSource;
    const written = sql.replace(/"(\w+)"/g, (_, name: string) => driver.escape(name));
    for (;;) {
      try {
        return await this.dataSource.query(written);
      } catch (error) {
        if (!BUSY.test(String(error))) throw error;
        await new Promise(setImmediate);
      }
    }
  }
}

describe.each(DATABASES)('an update on %s', (kind) => {
  const earlier = MIGRATIONS.slice(0, -1).map(({ name }, index) => [index + 1, name] as const);

  describe.each(earlier)('from the tables of migration %i, %s', (count) => {
    let at: TestDatabase;
    let former: EarlierProcess;
    let opened: OpenedDatabase;
    let store: SqlSessionStore;
    const meanwhile: Session[] = [];

    beforeAll(async () => {
      at = await createDatabase(kind);
      former = await EarlierProcess.migratedTo(at.options, count);
      for (const session of [LIVE, ENDED, CUT_OFF, KEPT]) await former.open(session);
      await former.cutOff('bob');
      let isMigrated = false;
      const opening = openDatabase({ database: at.options, migrate: true, timeout: 10_000 });
      const migrated = opening.finally(() => {
        isMigrated = true;
      });
      do {
        const session = sessionOf('eve', { ticket: TICKET });
        await former.serves(session);
        meanwhile.push(session);
        // SQLite answers at once: the migration has to come to its turn.
        await new Promise(setImmediate);
      } while (!isMigrated);
      opened = await migrated;
      store = new SqlSessionStore(opened.database);
    });
    afterAll(async () => {
      await former.stop();
      await opened.close();
      await at.drop();
    });

    it('leaves every session and every cutoff what it was', async () => {
      expect(await store.find(LIVE)).toEqual(LIVE);
      expect(await store.find(ENDED)).toEqual(ENDED);
      expect(await store.check(LIVE)).toMatchObject({ refTokID: LIVE.refTokID, endedAt: null });
      expect(isCutOff(await store.cutoffOf(CUT_OFF), CUT_OFF)).toBe(true);
      expect(isCutOff(await store.cutoffOf(KEPT), KEPT)).toBe(false);
      expect(isCutOff(await store.cutoffOf(LIVE), LIVE)).toBe(false);
    });

    it('keeps what the earlier version wrote meanwhile, and lets it go on', async () => {
      for (const session of meanwhile) expect(await store.find(session)).toEqual(endedAs(session, 'revoked'));
      const later = sessionOf('eve', { ticket: TICKET });
      await former.serves(later);
      expect(await store.find(later)).toEqual(endedAs(later, 'revoked'));
    });

    it('goes on with the numbers of cutoffs', async () => {
      expect(await store.currentTicket()).toBe(TICKET);
      expect(await store.open(sessionOf('bob', { ticket: TICKET - 1 }), NO_LIMITS)).toEqual({
        opened: false,
        why: 'cut_off',
      });
      expect(await store.open(sessionOf('bob', { ticket: TICKET }), NO_LIMITS)).toMatchObject({ opened: true });
    });
  });
});

function text(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
