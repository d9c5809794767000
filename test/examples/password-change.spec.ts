import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { DataSource, type QueryRunner } from 'typeorm';
import { Client, type ErrorBody } from '../support/client.js';
import { createDatabase, DATABASES, type DatabaseKind, type TestDatabase } from '../support/databases.js';
import { type LimitedApp, startLimitedApp } from './limited-app.js';

const SECRET = 'a secret that the processes of this test share';
/** What keeps cutoffs from being stored, while everything else is. */
const LOCKS: Record<DatabaseKind, readonly string[]> = {
  sqlite: ['INSERT', 'UPDATE'].map(
    (verb) => `CREATE TRIGGER stop_${verb} BEFORE ${verb} ON session_cutoffs BEGIN SELECT RAISE(ABORT, 'locked'); END`,
  ),
  postgres: ['START TRANSACTION', 'LOCK TABLE session_cutoffs IN EXCLUSIVE MODE'],
  mysql: ['START TRANSACTION', 'SELECT * FROM session_cutoffs FOR UPDATE'],
};
const RELEASES: Record<DatabaseKind, readonly string[]> = {
  sqlite: ['DROP TRIGGER stop_INSERT', 'DROP TRIGGER stop_UPDATE'],
  postgres: ['ROLLBACK'],
  mysql: ['ROLLBACK'],
};
const NOTE: Record<DatabaseKind, string> = {
  sqlite: 'signOutAllBut',
  postgres: '"signOutAllBut"',
  mysql: 'signOutAllBut',
};

describe.each(DATABASES)('a change of password while no cutoff can be stored, on %s', (kind) => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let other: QueryRunner;
  let app: LimitedApp;
  let client: Client;
  let own: TokenPair;
  let thief: TokenPair;
  let user: string;
  let users = 0;

  const start = async () => {
    app = await startLimitedApp({ DATABASE_URL: database.url, AUTH_SECRET: SECRET });
    client = new Client(app.url);
  };
  const tell = async (statements: readonly string[]) => {
    for (const statement of statements) await other.query(statement);
  };
  const change = (password: string, newPassword: string) =>
    client.call<ErrorBody & { revoked: number }>('PATCH', '/account/password', {
      token: own.access_token,
      body: { password, newPassword },
    });
  const statusOf = async ({ access_token }: TokenPair) => (await client.profile(access_token)).status;

  beforeAll(async () => {
    database = await createDatabase(kind);
    await start();
    dataSource = await new DataSource(database.options).initialize();
  });
  beforeEach(async () => {
    users += 1;
    user = `carol-${users}`;
    await client.call('POST', '/users', { body: { username: user, password: `${user}-password` } });
    [own, thief] = [await client.signIn(user), await client.signIn(user)];
    other = dataSource.createQueryRunner();
    await tell(LOCKS[kind]);
  });
  afterEach(() => other.release());
  afterAll(async () => {
    await dataSource.destroy();
    await app.stop();
    await database.drop();
  });

  it('says that it is made and the sign-out is not, and a second try does what is left', async () => {
    const [old, next] = [`${user}-password`, 'another password'];
    for (const _try of [1, 2]) {
      const { status, body, headers } = await change(old, next);
      expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'sign_out_due', '2']);
      expect(body.message).toMatch(/^Your password was changed, but your other devices are not signed out yet/);
    }
    expect((await client.login(user)).status).toBe(401);
    expect((await change('a guess', 'a second guess')).status).toBe(403);
    await tell(RELEASES[kind]);
    const done = await change(old, next);
    expect([done.status, await statusOf(thief), await statusOf(own)]).toEqual([200, 401, 200]);
    expect((await client.refresh(thief.refresh_token)).status).toBe(401);
    expect(await change(old, next)).toMatchObject({ status: 200, body: { revoked: 0 } });
    expect((await change(old, 'a third password')).status).toBe(403);
  });

  it('signs the others out by itself, also where the process has died since', async () => {
    expect((await change(`${user}-password`, 'another password')).body.code).toBe('sign_out_due');
    expect([await statusOf(thief), await statusOf(own)]).toEqual([200, 200]);
    await app.kill();
    await tell(RELEASES[kind]);
    await start();
    for (let tries = 0; (await statusOf(thief)) === 200 && tries < 200; ) tries += 1;
    expect([await statusOf(thief), await statusOf(own)]).toEqual([401, 200]);
    const { body } = await client.listEnded(own.access_token);
    expect(body).toMatchObject([{ guid: thief.session.guid, endReason: 'credentials_changed' }]);
    // It is done once, or it would sign out whoever signs in later.
    const left = () => dataSource.query(`SELECT 1 FROM users WHERE ${NOTE[kind]} IS NOT NULL`);
    for (let tries = 0; (await left()).length > 0 && tries < 200; ) tries += 1;
    expect(await left()).toEqual([]);
  });
});
