import 'reflect-metadata';
import { equal } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { AuthService, SessionStore } from 'nestjs-session-registry';
import { sessionStoreContract } from 'nestjs-session-registry/testing';
import { openApp } from './open-app.js';

const folder = mkdtempSync(join(tmpdir(), 'node-sqlite-'));
let files = 0;

/** A new file of the app, and the app on it. */
async function start(): Promise<{ app: INestApplicationContext; database: DatabaseSync }> {
  files += 1;
  const database = new DatabaseSync(join(folder, `${files}.sqlite`));
  database.exec('PRAGMA journal_mode = WAL');
  return { app: await openApp({ database }), database };
}

after(() => rmSync(folder, { recursive: true }));

describe('the store on a file', () => {
  let app: INestApplicationContext;
  before(async () => {
    ({ app } = await start());
  });
  after(() => app.close());

  for (const { name, run, needsEmptyStore } of sessionStoreContract)
    test(name, async () => {
      if (!needsEmptyStore) return run(app.get(SessionStore));
      const empty = await start();
      await run(empty.app.get(SessionStore)).finally(() => empty.app.close());
    });
});

test('a sign-in waits for a transaction of the app', async () => {
  const { app, database } = await start();
  database.exec('BEGIN IMMEDIATE');
  const signIn = app.get(AuthService).login('ada');
  // It finds the file locked in one of these turns.
  for (let turn = 0; turn < 100; turn++) await nextTurn();
  database.exec('COMMIT');
  equal((await app.get(AuthService).authenticate((await signIn).access_token)).userId, 'ada');
  await app.close();
});

test('a database in memory is shared, and stays open', async () => {
  const database = new DatabaseSync(':memory:');
  const app = await openApp({ database });
  const { session } = await app.get(AuthService).login('ada');
  await app.close();
  equal(database.prepare('SELECT 1 FROM sessions WHERE guid = ?').get(session.guid) !== undefined, true);
});

test('without a database, sessions are kept in sessions.sqlite', async () => {
  process.chdir(folder);
  const first = await openApp();
  const { access_token, session } = await first.get(AuthService).login('ada');
  await first.close();
  const second = await openApp();
  equal((await second.get(AuthService).authenticate(access_token)).guid, session.guid);
  await second.close();
});
