import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { DataSource, type QueryRunner } from 'typeorm';
import { Client, type ErrorBody } from '../support/client.js';
import { createDatabase, DATABASES, type DatabaseKind, type TestDatabase } from '../support/databases.js';
import { type LimitedApp, startLimitedApp } from './limited-app.js';

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

describe.each(DATABASES)('a change of password on %s', (kind) => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let other: QueryRunner;
  let app: LimitedApp;
  let client: Client;
  let own: TokenPair;
  let thief: TokenPair;
  let user: string;
  let users = 0;

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
    app = await startLimitedApp({
      DATABASE_URL: database.url,
      AUTH_SECRET: 'a secret of this test, long enough for it',
    });
    client = new Client(app.url);
    dataSource = await new DataSource(database.options).initialize();
  });
  beforeEach(async () => {
    users += 1;
    user = `carol-${users}`;
    await client.call('POST', '/users', { body: { username: user, password: `${user}-password` } });
    [own, thief] = [await client.signIn(user), await client.signIn(user)];
    other = dataSource.createQueryRunner();
  });
  afterEach(() => other.release());
  afterAll(async () => {
    await dataSource.destroy();
    await app.stop();
    await database.drop();
  });

  it('stores neither the password nor the sign-out if one of them fails, and may be tried again', async () => {
    const [old, next] = [`${user}-password`, 'another password'];
    await tell(LOCKS[kind]);
    const { status, body, headers } = await change(old, next);
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'unavailable', '2']);
    expect(body.message).toBe('It is not known whether your password was changed; try again with the same passwords');
    await tell(RELEASES[kind]);
    expect((await client.login(user)).status).toBe(200);
    expect([await statusOf(thief), await statusOf(own)]).toEqual([200, 200]);
    expect(await change(old, next)).toMatchObject({ status: 200, body: { revoked: 2 } });
    expect((await client.login(user)).status).toBe(401);
    expect([await statusOf(thief), await statusOf(own)]).toEqual([401, 200]);
    expect((await client.refresh(thief.refresh_token)).status).toBe(401);
    const ended = (await client.listEnded(own.access_token)).body;
    expect(new Set(ended.map(({ endReason }) => endReason))).toEqual(new Set(['credentials_changed']));
    // The answer to the first try may have been lost.
    expect(await change(old, next)).toMatchObject({ status: 200, body: { revoked: 0 } });
    expect((await change(old, 'a third password')).status).toBe(403);
  });

  it('is made once where two are made at the same time with the same password', async () => {
    const old = `${user}-password`;
    const tries = await Promise.all(['first', 'second'].map((word) => change(old, `the ${word} password`)));
    expect(tries.map(({ status }) => status).sort()).toEqual([200, 403]);
    const made = tries.findIndex(({ status }) => status === 200);
    const signIn = (word: string) =>
      client.call('POST', '/auth/login', { body: { username: user, password: `the ${word} password` } });
    const statuses = [(await signIn('first')).status, (await signIn('second')).status];
    expect(statuses[made]).toBe(200);
    expect(statuses[1 - made]).toBe(401);
  });
});
