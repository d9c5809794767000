import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionStore } from 'nestjs-session-registry';
import { DataSource } from 'typeorm';
import type { TableOptions } from '../../src/options/tables-option.js';
import type { Session } from '../../src/sessions/session.js';
import type { OpenedDatabase } from '../../src/storage/sql/opened-database.js';
import { SqlDenylist } from '../../src/storage/sql/sql-denylist.js';
import { SqlRuns } from '../../src/storage/sql/sql-runs.js';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { NO_LIMITS, NOW, sessionOf, someone } from '../../src/testing/session-store/session-fixtures.js';
import { describeSameStore } from '../contracts/session-store.contract.js';
import { createDatabase, DATABASES, type DatabaseKind, type TestDatabase } from '../support/databases.js';

const TIMEOUT = 10_000;
const cutOff = (store: SessionStore) => store.cutOff({ userId: null, reason: 'revoked_all', at: NOW, idleBefore: 0 });
/** Every kind of name: on MySQL a schema is a database beside the test's own, so there it is left out. */
const NAMES: Record<DatabaseKind, TableOptions> = {
  postgres: { schema: 'Own Schema', prefix: 'auth_' },
  mysql: { prefix: 'auth_' },
  sqlite: { prefix: 'auth_' },
};

for (const kind of DATABASES) {
  describeSameStore(`under other names on ${kind}`, async () => {
    const { options, drop } = await createDatabase(kind);
    const tables = NAMES[kind];
    const { database, close } = await openDatabase({ database: options, migrate: true, timeout: TIMEOUT, tables });
    return { store: new SqlSessionStore(database), close: () => close().then(drop) };
  });
}

describe.each(DATABASES)('tables with names of their own on %s', (kind) => {
  let at: TestDatabase;
  let outside: DataSource;
  const opened: OpenedDatabase[] = [];

  beforeAll(async () => {
    at = await createDatabase(kind);
    outside = await new DataSource(at.options).initialize();
    await outside.query('CREATE TABLE sessions (sid varchar(20) PRIMARY KEY)');
  });
  afterAll(async () => {
    for (const { close } of opened) await close();
    await outside.destroy();
    await at.drop();
  });

  const open = async (tables: TableOptions): Promise<OpenedDatabase> => {
    const one = await openDatabase({ database: at.options, migrate: true, timeout: TIMEOUT, tables });
    opened.push(one);
    return one;
  };
  it('keep out of the way of a table of the app, and of each other', async () => {
    const [one, other] = [await open({ prefix: 'one_' }), await open({ prefix: 'other_' })];
    const [first, second] = [new SqlSessionStore(one.database), new SqlSessionStore(other.database)];
    const session = sessionOf(someone());
    expect(await first.open(session, NO_LIMITS)).toMatchObject({ opened: true });
    expect(await second.find(session)).toBeUndefined();
    // Each has locks of its own, so one that is held does not hold up the other.
    await one.database.transaction(async (executor) => {
      await executor.rows(one.database.dialect.lockEverybody, []);
      if (kind !== 'sqlite') await cutOff(second);
    });
    expect(one.database.dialect.tables.shared('session_changes')).not.toBe(
      other.database.dialect.tables.shared('session_changes'),
    );
    expect(await outside.query('SELECT sid FROM sessions')).toEqual([]);
  });

  it('serve several modules on one DataSource, with the same names or others', async () => {
    const names = [{ prefix: 'first_' }, { prefix: 'second_' }, { prefix: 'first_' }];
    const stores: SqlSessionStore[] = [];
    for (const tables of names) {
      const one = await openDatabase({ database: outside, migrate: true, timeout: TIMEOUT, tables });
      opened.push(one);
      stores.push(new SqlSessionStore(one.database));
    }
    const sessions = stores.map(() => sessionOf(someone()));
    await Promise.all(stores.map((store, index) => store.open(sessions[index] as Session, NO_LIMITS)));
    const found = async (store: SqlSessionStore) => Promise.all(sessions.map((session) => store.find(session)));
    const [one, two, three] = sessions;
    const expected = [
      [one, undefined, three],
      [undefined, two, undefined],
      [one, undefined, three],
    ];
    expect(await Promise.all(stores.map(found))).toEqual(expected);
  });

  it('are those of the denylist and of suspicion too', async () => {
    const { database } = await open({ prefix: 'one_' });
    const key = { guid: 'a', userId: someone() };
    await new SqlDenylist(database).denySession(key, NOW);
    expect(await new SqlDenylist(database).find(key)).toMatchObject({ session: true });
    expect(await new SqlRuns(database).suspicionsOf(key.userId)).toEqual(new Map());
    await new SqlRuns(database).prune(NOW);
  });

  it('are named in the line at start', async () => {
    expect((await open({ prefix: 'one_' })).place).toContain("tables 'one_…'");
  });

  it.each([true, false])('are asked for where a table of the app has the name (migrate: %s)', async (migrate) => {
    const refusal = await openDatabase({ database: at.options, migrate, timeout: TIMEOUT }).catch(String);
    expect(refusal).toContain(
      "option `tables`: the database has a table 'sessions' that is not of the session registry",
    );
    expect(refusal).toContain("`tables: { prefix: 'auth_' }`");
  });
});

describe.each(DATABASES.filter((kind) => kind === 'mysql'))(
  'a schema, which is a database of its own, on %s',
  (kind) => {
    it('is created, holds every table, and leaves the database of the connection empty', async () => {
      const at = await createDatabase(kind);
      const outside = await new DataSource(at.options).initialize();
      const schema = `${new URL(at.url).pathname.slice(1)}_own`;
      const tables = { schema, prefix: 'auth_' };
      const { database, close, place } = await openDatabase({
        database: at.options,
        migrate: true,
        timeout: TIMEOUT,
        tables,
      });
      const [store, session] = [new SqlSessionStore(database), sessionOf(someone())];
      expect(await store.open(session, NO_LIMITS)).toMatchObject({ opened: true });
      await cutOff(store);
      expect(place).toContain(schema);
      const sizes = 'SELECT table_schema AS home, COUNT(*) AS tables FROM information_schema.tables';
      const where = `WHERE table_schema IN (DATABASE(), '${schema}') GROUP BY table_schema`;
      expect(await outside.query(`${sizes} ${where}`)).toEqual([{ home: schema, tables: '7' }]);
      await close();
      await (await openDatabase({ database: at.options, migrate: false, timeout: TIMEOUT, tables })).close();
      await outside.query(`DROP DATABASE ${schema}`);
      await outside.destroy();
      await at.drop();
    });
  },
);
