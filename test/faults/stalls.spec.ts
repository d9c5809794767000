import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuthError } from 'nestjs-session-registry';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { SessionKey } from '../../src/sessions/session-store.js';
import type { OpenedDatabase } from '../../src/storage/sql/opened-database.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import { SECRET, startApp, type TestApp } from '../support/app.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';
import { type AppProcess, startProcess } from '../support/process/app-process.js';
import { Onlooker } from '../support/server-state.js';

const SERVERS = DATABASES.filter((kind) => kind !== 'sqlite');
const NOBODY: SessionKey = { userId: 'nobody', guid: '11111111-2222-4333-8444-555555555555' };

describe.each(SERVERS)('a process that is stopped in a sign-in, on %s', (kind) => {
  let database: TestDatabase;
  let app: TestApp;
  let stopped: AppProcess;
  let onlooker: Onlooker;

  beforeAll(async () => {
    database = await createDatabase(kind);
    app = await startApp({ options: { database: { ...database.options, poolSize: 5 } as DataSourceOptions } });
    onlooker = await Onlooker.of(database);
  }, 60_000);
  beforeEach(async () => {
    const auth = { secret: SECRET, database: database.options, migrate: false };
    stopped = await startProcess({ auth, mutation: 'stops in a sign-in' });
  }, 60_000);
  afterEach(() => stopped.kill());
  afterAll(async () => {
    await app.close();
    await onlooker.leave();
    await database.drop();
  });

  /** Signs in there, and comes back once the process stands still with its locks. */
  async function stopIt(userId: string): Promise<void> {
    stopped.client.call('POST', '/open', { body: { userId } }).catch(() => {});
    await onlooker.seesTransaction();
  }

  const open = (userId: string) => app.auth.login(userId);

  it('does not keep a cutoff of everybody from being stored, nor anybody from signing in meanwhile', async () => {
    const before = await open('ada');
    await stopIt('eve');
    const cutting = app.registry.revokeEverybody();
    const signIns = await Promise.allSettled(Array.from({ length: 10 }, (_, index) => open(`user ${index}`)));
    expect(await cutting).toBeGreaterThanOrEqual(1);
    // Those that began before the cutoff may have met it; none was kept waiting until it failed.
    const refusals = signIns.flatMap((one) => (one.status === 'rejected' ? [one.reason as AuthError] : []));
    expect(refusals.filter(({ reason }) => reason !== 'cut_off')).toEqual([]);
    expect((await app.client.profile(before.access_token)).status).toBe(401);
  });

  it('keeps none but its own user waiting, however often that user tries', async () => {
    await stopIt('mallory');
    const tries = Array.from({ length: 60 }, () => open('mallory'));
    const others = Array.from({ length: 60 }, (_, index) => open(`other ${index}`));
    expect(await Promise.all(others)).toHaveLength(60);
    await Promise.allSettled(tries);
    expect(await open('mallory')).toMatchObject({ token_type: 'Bearer' });
  });
});

describe.each(SERVERS)('a table that somebody else holds, on %s', (kind) => {
  const POOL = 3;
  let database: TestDatabase;
  let ofApp: DataSource;
  let opened: OpenedDatabase[];
  let onlooker: Onlooker;

  beforeAll(async () => {
    database = await createDatabase(kind);
    const options = { ...database.options, poolSize: POOL } as DataSourceOptions;
    ofApp = await new DataSource(options).initialize();
    const ours = await openDatabase({ database: options, migrate: true, timeout: 400 });
    opened = [ours, await openDatabase({ database: ofApp, migrate: false, timeout: 400 })];
    onlooker = await Onlooker.of(database);
  }, 60_000);
  afterAll(async () => {
    for (const one of opened) await one.close();
    await ofApp.destroy();
    await onlooker.leave();
    await database.drop();
  });

  it('leaves no statement waiting at the server, and no more connections than the pools have', async () => {
    const stores = opened.map((one) => new SqlSessionStore(one.database));
    const askAll = () =>
      Promise.allSettled(stores.flatMap((one) => Array.from({ length: 20 }, () => one.check(NOBODY))));
    await onlooker.lock('sessions');
    const seen: number[] = [];
    for (let round = 0; round < 6; round++) {
      expect(new Set((await askAll()).map(({ status }) => status))).toEqual(new Set(['rejected']));
      seen.push(await onlooker.connections());
    }
    await onlooker.unlock();
    expect(Math.max(...seen)).toBeLessThanOrEqual(2 * POOL);
    await settled(askAll);
  });
});

/** Comes back once everybody is answered again; a connection that was given up may take a second. */
async function settled(askAll: () => Promise<PromiseSettledResult<unknown>[]>): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    if ((await askAll()).every(({ status }) => status === 'fulfilled')) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('the pools did not come back');
}
