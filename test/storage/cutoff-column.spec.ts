import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSourceOptions } from 'typeorm';
import { ConfigurationError } from '../../src/errors.js';
import type { CutoffColumn } from '../../src/options/cutoff-column-option.js';
import type { Session } from '../../src/sessions/session.js';
import type { CutoffMark } from '../../src/sessions/cutoff.js';
import type { Cutoff, OpenOutcome, OpenRules, SessionKey, StoredCutoff } from '../../src/sessions/session-store.js';
import { StoreDecorator } from '../../src/sessions/store-decorator.js';
import { openStore } from '../../src/module/open-store.js';
import { CutoffColumnStatements } from '../../src/storage/sql/cutoff-column.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import type { SqlDatabase } from '../../src/storage/sql/sql-database.js';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import { describeCutoffColumn } from '../contracts/cutoff-column.contract.js';
import { describeRevocationChecks } from '../contracts/revocation-check.contract.js';
import { describeSameStore } from '../contracts/session-store.contract.js';
import { createDatabase, DATABASES, type DatabaseKind } from '../support/databases.js';
import { COLUMN, createUsersTable, signUp } from '../support/users-table.js';

/** A store whose users sign up as they come. */
class SigningUp extends StoreDecorator {
  constructor(
    private readonly database: SqlDatabase,
    column: CutoffColumn,
  ) {
    super(new SqlSessionStore(database, new CutoffColumnStatements(column)));
  }

  override async open(session: Session, rules: OpenRules): Promise<OpenOutcome> {
    await this.#signUp(session.userId);
    return super.open(session, rules);
  }
  override async cutOff(cutoff: Cutoff): Promise<StoredCutoff> {
    await this.#signUp(cutoff.userId);
    return super.cutOff(cutoff);
  }
  override async cutoffOf(key: SessionKey): Promise<CutoffMark> {
    await this.#signUp(key.userId);
    return super.cutoffOf(key);
  }

  async #signUp(userId: string | null): Promise<void> {
    // Two may do so at once.
    if (userId !== null) await signUp(this.database, userId).catch(() => {});
  }
}

/** All whom the checks sign in, on one database after the other. */
const PEOPLE = 120;

const dropAll: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const drop of dropAll) await drop();
});

async function createWithUsers(kind: DatabaseKind): Promise<DataSourceOptions> {
  const { options, drop } = await createDatabase(kind);
  dropAll.push(drop);
  await createUsersTable(options, 'varchar');
  return options;
}

for (const kind of DATABASES) {
  for (const ids of ['integer', 'varchar'] as const) describeCutoffColumn(kind, ids, () => createDatabase(kind));

  describeSameStore(`with a column of users on ${kind}`, async () => {
    const options = await createWithUsers(kind);
    const { database, close } = await openDatabase({ database: options, migrate: true, timeout: 10_000 });
    return { store: new SigningUp(database, COLUMN), close };
  });

  describeRevocationChecks(
    `${kind} with a column of users`,
    async () => {
      const options = await createWithUsers(kind);
      const { database, close } = await openDatabase({ database: options, migrate: true, timeout: 10_000 });
      for (let person = 1; person <= PEOPLE; person++) await signUp(database, `id-of-somebody-${person}`);
      await signUp(database, 'id-of-bob');
      await close();
      return { options: { database: options, migrate: true, revocation: { column: COLUMN } } };
    },
    // The others meet the column in the store alone, which is held on every database above.
    kind === 'sqlite' ? undefined : ['validTokenFrom'],
  );

  describe(`a column of users on ${kind}, at boot`, () => {
    const boot = async (column: Partial<CutoffColumn>, database: DataSourceOptions) => {
      const choice = { store: undefined, ofApp: undefined, migrate: true, timeout: 10_000, database };
      const opened = await openStore({ ...choice, column: { ...COLUMN, ...column } });
      await opened.close();
    };

    let options: DataSourceOptions;
    beforeAll(async () => {
      options = await createWithUsers(kind);
    });

    it.each([
      ['table', { table: 'people' }],
      ['key', { id: 'uid' }],
      ['column', { name: 'cutOffAt' }],
      ['schema', { table: 'nowhere.users' }],
    ])('is refused where there is no such %s', async (_, wrong) => {
      const refusal = await boot(wrong, options).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(ConfigurationError);
      expect(refusal).toMatchObject({ option: 'revocation.column', cause: expect.anything() });
      expect(String(refusal)).toContain(Object.values(wrong)[0]?.split('.')[0]);
      expect(String(refusal)).toContain('Write the table, its key and the column as they are named there');
      await boot({}, options);
    });

    it('may be in a schema, and have names that need quoting', async () => {
      const { database, close } = await openDatabase({ database: options, migrate: true, timeout: 10_000 });
      const [row] = kind === 'mysql' ? await database.rows('SELECT DATABASE() AS "name"', []) : [];
      const schema = { sqlite: 'main', postgres: 'public', mysql: String(row?.name) }[kind];
      const quoted = { table: `${schema}.order`, id: "the 'user'", name: 'valid token; from' };
      await database.run(`CREATE TABLE "order" ("the 'user'" INT PRIMARY KEY, "valid token; from" BIGINT)`, []);
      await database.run(`INSERT INTO "order" VALUES (?, NULL)`, [3]);
      await boot(quoted, options);
      const store = new SqlSessionStore(database, new CutoffColumnStatements(quoted));
      await store.cutOff({ userId: '3', reason: 'revoked', at: 1, idleBefore: 0 });
      const ticket = await store.currentTicket();
      expect((await store.cutoffOf({ userId: '3', guid: 'any' })).ticket).toBe(ticket);
      const [user] = await database.rows(`SELECT "valid token; from" AS "value" FROM "order"`, []);
      expect(Number(user?.value)).toBe(ticket);
      await close();
    });

    it('that holds no number lets nothing pass', async () => {
      const { database, close } = await openDatabase({ database: options, migrate: true, timeout: 10_000 });
      await database.run('CREATE TABLE "texts" ("id" VARCHAR(9) PRIMARY KEY, "value" VARCHAR(9))', []);
      await database.run(`INSERT INTO "texts" VALUES ('ada', 'x')`, []);
      const texts = { table: 'texts', id: 'id', name: 'value' };
      if (kind === 'postgres')
        await expect(boot(texts, options)).rejects.toMatchObject({ option: 'revocation.column' });
      const store = new SqlSessionStore(database, new CutoffColumnStatements(texts));
      const mark = await store.cutoffOf({ userId: 'ada', guid: 'any' }).catch(() => undefined);
      expect(mark?.ticket ?? Number.MAX_SAFE_INTEGER).toBe(Number.MAX_SAFE_INTEGER);
      await close();
    });
  });
}
