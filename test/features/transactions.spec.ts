import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import Sqlite from 'better-sqlite3';
import { NestFactory } from '@nestjs/core';
import { AuthModule, AuthService, type Companion, SessionRegistry, type SqlExecutor } from 'nestjs-session-registry';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { SECRET, startApp, type TestApp } from '../support/app.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';
import { verdictOf } from '../support/inspect.js';

describe.each(DATABASES)('a change of password with its cutoff, on %s', (kind) => {
  let database: TestDatabase;
  let app: TestApp;
  let dataSource: DataSource;
  let users = 0;

  beforeAll(async () => {
    database = await createDatabase(kind);
    app = await startApp({ options: { database: database.options as DataSourceOptions } });
    dataSource = await new DataSource(database.options).initialize();
    await dataSource.query('CREATE TABLE passwords (id varchar(40) PRIMARY KEY, hash varchar(40) NOT NULL)');
  }, 60_000);
  afterAll(async () => {
    await dataSource.destroy();
    await app.close();
    await database.drop();
  });

  /** A user with the password `old` and one session. */
  async function someone() {
    users += 1;
    const id = `user-${users}`;
    await dataSource.query(`INSERT INTO passwords (id, hash) VALUES ('${id}', 'old')`);
    return { id, token: (await app.auth.login(id)).access_token };
  }

  /** Writes the new password, and then goes on as the test says. */
  const writing =
    (id: string, then: () => Promise<unknown> = async () => {}): Companion<unknown> =>
    async (_, transaction) => {
      const sql = 'UPDATE "passwords" SET "hash" = ? WHERE "id" = ?';
      expect(await (transaction as SqlExecutor).run(sql, ['new', id])).toBe(1);
      await then();
    };

  async function passwordOf(id: string): Promise<unknown> {
    const [row] = await dataSource.query<{ hash: string }[]>(`SELECT hash FROM passwords WHERE id = '${id}'`);
    return row?.hash;
  }

  it('stores both, and ends the other sessions', async () => {
    const { id, token } = await someone();
    const own = await app.auth.login(id);
    const change = { keep: own.session.guid, companion: writing(id) };
    expect(await app.registry.credentialsChanged(id, change)).toBe(1);
    expect(await passwordOf(id)).toBe('new');
    expect(await verdictOf(app.auth.authenticate(token))).toBe('session_ended');
    expect(await verdictOf(app.auth.authenticate(own.access_token))).toBe('accepted');
  });

  it('stores neither if the password cannot be written', async () => {
    const { id, token } = await someone();
    const companion = writing(id, () => Promise.reject(new Error('too short')));
    await expect(app.registry.credentialsChanged(id, { companion })).rejects.toMatchObject({ code: 'unavailable' });
    expect(await passwordOf(id)).toBe('old');
    expect(await verdictOf(app.auth.authenticate(token))).toBe('accepted');
    expect(await app.registry.list(id)).toHaveLength(1);
  });

  // On SQLite a ticket is drawn on the connection of the transaction, after it.
  if (kind === 'sqlite') return;
  it('refuses a sign-in that begins before the commit, and so has seen the old password', async () => {
    const { id } = await someone();
    let ticket: number | undefined;
    const companion = writing(id, async () => {
      ticket = await app.auth.currentTicket();
      expect(await passwordOf(id)).toBe('old');
    });
    await app.registry.credentialsChanged(id, { companion });
    expect(await verdictOf(app.auth.login(id, undefined, { ticket }))).toBe('cut_off');
    expect(await verdictOf(app.auth.login(id))).toBe('accepted');
  });
});

describe.each(DATABASES.filter((kind) => kind !== 'sqlite'))('a call within a transaction of the app on %s', (kind) => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let app: TestApp;

  beforeAll(async () => {
    database = await createDatabase(kind);
    // One connection for the app's transaction, and one for everything else.
    const options = {
      ...database.options,
      ...(kind === 'postgres' ? { poolSize: 2 } : { extra: { connectionLimit: 2 } }),
    };
    dataSource = await new DataSource(options as DataSourceOptions).initialize();
    app = await startApp({ options: { database: dataSource, migrate: true, storeTimeout: '1s' } });
  }, 60_000);
  afterAll(async () => {
    await app.close();
    await dataSource.destroy();
    await database.drop();
  });

  it.each([
    ['credentialsChanged', (id: string) => app.registry.credentialsChanged(id), 'session_ended'],
    ['revokeAll', (id: string) => app.registry.revokeAll(id), 'session_ended'],
    [
      'revoke',
      async (id: string) => app.registry.revoke(id, String((await app.registry.list(id))[0]?.guid)),
      'session_ended',
    ],
    ['login', (id: string) => app.auth.login(id), 'accepted'],
  ])('%s does not join it: it commits on its own, and a rollback does not undo it', async (name, call, verdict) => {
    const id = `user of ${name}`;
    const { access_token } = await app.auth.login(id);
    const rolledBack = dataSource.transaction(async (manager) => {
      await manager.query('SELECT 1');
      await call(id);
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    expect(await verdictOf(app.auth.authenticate(access_token))).toBe(verdict);
    expect(await app.registry.list(id)).toHaveLength(name === 'login' ? 2 : 0);
  });

  it('is unavailable where transactions of the app have the whole pool, and says what it waited for', async () => {
    const { access_token } = await app.auth.login('ada');
    const refusals: unknown[] = [];
    await dataSource.transaction(async (first) => {
      await first.query('SELECT 1');
      await dataSource.transaction(async (second) => {
        await second.query('SELECT 1');
        refusals.push(await app.registry.revokeAll('ada').catch((error: unknown) => error));
      });
    });
    expect(refusals).toMatchObject([{ code: 'unavailable' }]);
    expect(causesOf(refusals[0])).toContain('within 1000 ms');
    expect(await verdictOf(app.auth.authenticate(access_token))).toBe('accepted');
  });
});

describe('a change of sessions while the app has a transaction open on a shared SQLite connection', () => {
  it('is refused at once and says why, and works after the commit', async () => {
    const shared = new Sqlite(':memory:');
    const auth = AuthModule.forRoot({ secret: SECRET, database: shared });
    const app = await NestFactory.createApplicationContext(auth, { logger: false, abortOnError: false });
    const [service, registry] = [app.get(AuthService), app.get(SessionRegistry)];
    const { access_token, session } = await service.login('ada');
    shared.exec('BEGIN');
    const changes = [
      () => registry.revoke('ada', session.guid),
      () => registry.revokeAll('ada'),
      () => registry.credentialsChanged('ada'),
      () => service.login('ada'),
    ];
    for (const change of changes) {
      const refusal = await change().catch((error: unknown) => error);
      expect(causesOf(refusal)).toContain('the app has a transaction open on the SQLite connection that it shares');
    }
    shared.exec('ROLLBACK');
    expect(await verdictOf(service.authenticate(access_token))).toBe('accepted');
    expect(await registry.revokeAll('ada')).toBe(1);
    expect(await verdictOf(service.authenticate(access_token))).toBe('session_ended');
    await app.close();
    shared.close();
  });
});

describe('a change of sessions within a transaction of the app in the same SQLite file', () => {
  const start = async (database: DataSource | Sqlite.Database) => {
    const auth = AuthModule.forRoot({ secret: SECRET, database, migrate: true });
    return NestFactory.createApplicationContext(auth, { logger: false, abortOnError: false });
  };

  it.each(['a DataSource', 'a Database'])('is refused soon and says why, over %s', async (over) => {
    const file = await createDatabase('sqlite');
    const dataSource = await new DataSource(file.options).initialize();
    const raw = new Sqlite((file.options as { database: string }).database);
    const app = await start(over === 'a DataSource' ? dataSource : raw);
    const registry = app.get(SessionRegistry);
    const { access_token } = await app.get(AuthService).login('ada');
    raw.exec('CREATE TABLE notes (note text)');
    const query = async (sql: string) => (over === 'a DataSource' ? dataSource.query(sql) : raw.exec(sql));
    await query('BEGIN');
    await query("INSERT INTO notes VALUES ('within')");
    const refusal = await registry.credentialsChanged('ada').catch((error: unknown) => error);
    expect(causesOf(refusal)).toContain('The app has a transaction open in the same SQLite file');
    await query('COMMIT');
    expect(await verdictOf(app.get(AuthService).authenticate(access_token))).toBe('accepted');
    expect(await registry.credentialsChanged('ada')).toBe(1);
    await app.close();
    await dataSource.destroy();
    raw.close();
    await file.drop();
  });
});

/** The messages of an error and of what caused it. */
function causesOf(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${causesOf(error.cause)}` : '';
}
