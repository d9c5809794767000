import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sessionEntities, sessionMigrations } from 'nestjs-session-registry';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { openEmbedded } from '../../src/storage/pools/open-embedded.js';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { NO_LIMITS, sessionOf, someone } from '../../src/testing/session-store/session-fixtures.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';
import { startPgBouncer } from '../support/servers/pgbouncer.mjs';

const TIMEOUT = 10_000;

describe.each(DATABASES)('who migrates %s may change', (kind) => {
  let at: TestDatabase;
  let ofApp: DataSource;
  beforeEach(async () => {
    at = await createDatabase(kind);
    const known = { entities: [...sessionEntities], migrations: [...sessionMigrations] };
    ofApp = await new DataSource({ ...at.options, ...known } as DataSourceOptions).initialize();
  });
  afterEach(async () => {
    await ofApp.destroy();
    await at.drop();
  });

  /** Opens it, signs somebody in, and closes it again. */
  async function signIn(database: DataSource | DataSourceOptions, migrate: boolean) {
    const { database: opened, close } = await openDatabase({ database, migrate, timeout: TIMEOUT });
    const session = sessionOf(someone());
    expect(await new SqlSessionStore(opened).open(session, NO_LIMITS)).toMatchObject({ opened: true });
    await close();
    return session;
  }

  it('from a connection of the library to the DataSource of the app, and back', async () => {
    const first = await signIn(at.options, true);
    await ofApp.runMigrations();
    const second = await signIn(ofApp, false);
    const third = await signIn(at.options, true);
    const rows = await ofApp.query('SELECT guid FROM sessions');
    expect(new Set(rows.map(({ guid }: { guid: string }) => guid))).toEqual(
      new Set([first, second, third].map(({ guid }) => guid)),
    );
  });

  it('from the DataSource of the app to a connection of the library, and back', async () => {
    await ofApp.runMigrations();
    const first = await signIn(ofApp, false);
    const second = await signIn(at.options, true);
    expect(await ofApp.runMigrations()).toEqual([]);
    const rows = await ofApp.query('SELECT guid FROM sessions');
    expect(new Set(rows.map(({ guid }: { guid: string }) => guid))).toEqual(new Set([first.guid, second.guid]));
  });
});

describe.each(DATABASES.filter((kind) => kind === 'postgres'))('the lock of migrations on %s', () => {
  const LOCK = 7238451190;
  let at: TestDatabase;
  let onlooker: DataSource;
  beforeEach(async () => {
    at = await createDatabase('postgres');
    onlooker = await new DataSource(at.options).initialize();
  });
  afterEach(async () => {
    await onlooker.destroy();
    await at.drop();
  });

  const open = async (url = at.url) => {
    const { close } = await openDatabase({ database: { type: 'postgres', url }, migrate: true, timeout: TIMEOUT });
    await close();
  };

  it('is waited for by a boot that has to migrate, and not asked for by the next', async () => {
    const holder = onlooker.createQueryRunner();
    await holder.query(`SELECT pg_advisory_lock(${LOCK})`);
    let isOpen = false;
    const first = open().then(() => {
      isOpen = true;
    });
    const waiting = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`;
    while ((await onlooker.query(waiting)).length === 0) expect(isOpen).toBe(false);
    await holder.query(`SELECT pg_advisory_unlock(${LOCK})`);
    await first;
    await holder.query(`SELECT pg_advisory_lock(${LOCK})`);
    await open();
    await holder.query(`SELECT pg_advisory_unlock(${LOCK})`);
    await holder.release();
  });

  it('does not stay on a connection of a pooler: two rounds of four processes boot through one', async () => {
    const bouncer = await startPgBouncer(at.url, 4);
    for (const _round of [1, 2]) await Promise.all(Array.from({ length: 4 }, () => open(bouncer.url)));
    const held = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
    expect(await onlooker.query(held)).toEqual([]);
    await bouncer.stop();
  });
});

describe('the embedded file', () => {
  it('is named where it cannot be opened, with what to do', async () => {
    const [before, folder] = [process.cwd(), realpathSync(mkdtempSync(join(tmpdir(), 'sessions-')))];
    // Nobody can open a folder as a file, not even root.
    mkdirSync(join(folder, 'sessions.sqlite'));
    process.chdir(folder);
    try {
      const refusal = await openEmbedded({ migrate: true, timeout: TIMEOUT }).catch(String);
      expect(refusal).toContain(`option \`database\`: the file ${join(folder, 'sessions.sqlite')} cannot be opened (`);
      expect(refusal).toContain('Start the app where it may write, or name a database');
    } finally {
      process.chdir(before);
      rmSync(folder, { recursive: true });
    }
  });
});
