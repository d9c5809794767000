import { copyFileSync, renameSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import Database from 'better-sqlite3';
import { startApp, type TestApp } from '../support/app.js';
import { claimsOf } from '../support/client.js';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { expectUnavailable } from '../support/expect.js';

describe('with SQLite failing', () => {
  let database: TestDatabase;
  let file: string;
  let app: TestApp;
  /** The library's own connection. */
  let inside: Database.Database;
  /** Somebody else's. */
  let outside: Database.Database;

  async function start(more: { enableWAL?: boolean } = {}): Promise<void> {
    const prepareDatabase = (connection: Database.Database) => {
      inside = connection;
    };
    const options = { type: 'better-sqlite3', database: file, enableWAL: true, prepareDatabase, ...more } as const;
    app = await startApp({ options: { database: options, storeTimeout: '200ms' } });
    outside = new Database(file);
  }

  beforeEach(async () => {
    database = await createDatabase('sqlite');
    file = database.url.slice('sqlite:'.length);
  });
  afterEach(async () => {
    outside.close();
    await app.close();
    await database.drop();
  });

  it('a file locked for reading and writing is 503, and serves again when the lock is gone', async () => {
    await start({ enableWAL: false });
    const pair = await app.client.signIn();
    const dead = await app.client.signIn();
    expect((await app.client.logout({ token: dead.access_token })).status).toBe(204);
    outside.exec('BEGIN EXCLUSIVE');
    expectUnavailable(await app.client.profile(pair.access_token));
    expectUnavailable(await app.client.profile(dead.access_token));
    expectUnavailable(await app.client.logout({ token: pair.access_token }));
    expectUnavailable(await app.client.refresh(pair.refresh_token));
    outside.exec('ROLLBACK');
    expect((await app.client.profile(pair.access_token)).status).toBe(200);
    expect((await app.client.profile(dead.access_token)).status).toBe(401);
    expect((await app.client.refresh(pair.refresh_token)).status).toBe(200);
  });

  it('a file locked for writing still answers the guard, and says 503 to a sign-out', async () => {
    await start();
    const pair = await app.client.signIn();
    outside.exec('BEGIN IMMEDIATE');
    expect((await app.client.profile(pair.access_token)).status).toBe(200);
    expectUnavailable(await app.client.logout({ token: pair.access_token }));
    outside.exec('ROLLBACK');
    expect((await app.client.logout({ token: pair.access_token })).status).toBe(204);
    expect((await app.client.profile(pair.access_token)).status).toBe(401);
  });

  it('a missing table is 503, and serves again when it is back', async () => {
    await start();
    const pair = await app.client.signIn();
    outside.exec('ALTER TABLE sessions RENAME TO elsewhere');
    expectUnavailable(await app.client.profile(pair.access_token));
    expectUnavailable(await app.client.logout({ token: pair.access_token }));
    expectUnavailable(await app.client.login('ada'));
    outside.exec('ALTER TABLE elsewhere RENAME TO sessions');
    expect((await app.client.profile(pair.access_token)).status).toBe(200);
  });

  it('a file that cannot be written is 503 to a renewal and a sign-out, and consumes nothing', async () => {
    await start();
    const pair = await app.client.signIn();
    inside.pragma('query_only = ON');
    expectUnavailable(await app.client.refresh(pair.refresh_token));
    expectUnavailable(await app.client.logout({ token: pair.access_token }));
    expectUnavailable(await app.client.login('ada'));
    expect((await app.client.profile(pair.access_token)).status).toBe(200);
    inside.pragma('query_only = OFF');
    await expectRotatesOnce(pair.refresh_token);
  });

  it('a full disk is 503 to a sign-in, and nothing of it is left', async () => {
    await start();
    const pair = await app.client.signIn();
    inside.pragma(`max_page_count = ${inside.pragma('page_count', { simple: true })}`);
    let answer = await app.client.login('ada');
    for (let tries = 0; tries < 200 && answer.status === 200; tries++) answer = await app.client.login('ada');
    expectUnavailable(answer);
    const live = (await app.client.list(pair.access_token)).body.length;
    expectUnavailable(await app.client.login('ada'));
    expect((await app.client.list(pair.access_token)).body.length).toBe(live);
    inside.pragma('max_page_count = 1000000');
    expect((await app.client.login('ada')).status).toBe(200);
  });

  it('a successor whose first use cannot be written is not let in', async () => {
    await start();
    const pair = await app.client.signIn();
    const { body: successor } = await app.client.refresh(pair.refresh_token);
    inside.pragma('query_only = ON');
    expectUnavailable(await app.client.profile(successor.access_token));
    inside.pragma('query_only = OFF');
    expect((await app.client.profile(successor.access_token)).status).toBe(200);
  });

  async function expectRotatesOnce(refreshToken: string): Promise<void> {
    const answers = await Promise.all([1, 2].map(() => app.client.refresh(refreshToken)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(new Set(answers.map(({ body }) => claimsOf(body.refresh_token).refTokID)).size).toBe(1);
  }

  it('a file without WAL has a sign-in wait for a reader, and stores it when the reader is through', async () => {
    await start({ enableWAL: false });
    outside.exec('BEGIN');
    outside.prepare('SELECT COUNT(*) FROM sessions').get();
    const signingIn = app.client.login('ada');
    // As long as a commit may not happen.
    await new Promise((done) => setTimeout(done, 60));
    outside.exec('COMMIT');
    expect((await signingIn).status).toBe(200);
  });

  it('a file without WAL says 503 where the reader never ends, and has stored nothing', async () => {
    await start({ enableWAL: false });
    const pair = await app.client.signIn();
    outside.exec('BEGIN');
    outside.prepare('SELECT COUNT(*) FROM sessions').get();
    expectUnavailable(await app.client.login('ada'));
    outside.exec('COMMIT');
    expect((await app.client.list(pair.access_token)).body).toHaveLength(1);
  });

  it.each([
    ['deleted', (path: string) => rmSync(path)],
    ['replaced', replace],
  ])('a file that was %s under a running process is 503, for readers and for writers', async (_, lose) => {
    await start();
    const pair = await app.client.signIn();
    lose(file);
    expectUnavailable(await app.client.logout({ token: pair.access_token }));
    expectUnavailable(await app.client.login('ada'));
    // Who only reads looks at the file four times a second.
    await new Promise((done) => setTimeout(done, 300));
    expectUnavailable(await app.client.profile(pair.access_token));
  });
});

/** Puts a copy in the place of the file, as a restored backup does. */
function replace(path: string): void {
  copyFileSync(path, `${path}.copy`);
  renameSync(`${path}.copy`, path);
}
