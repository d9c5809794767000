import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Logger } from '@nestjs/common';
import { RevocationMetrics } from 'nestjs-session-registry';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { PooledDatabase } from '../../src/storage/connections/pooled.database.js';
import type { OpenedDatabase } from '../../src/storage/sql/opened-database.js';
import { poolOf } from '../../src/storage/typeorm/driver-parts.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { DEFAULT_TABLES } from '../../src/storage/sql/table-names.js';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import { NO_LIMITS, NOW, sessionOf, someone } from '../../src/testing/session-store/session-fixtures.js';
import { startApp, type TestApp } from '../support/app.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';
import { EventReader } from '../support/event-reader.js';
import { MemoryLog } from '../support/memory-log.js';
import { startPgBouncer } from '../support/servers/pgbouncer.mjs';
import { until } from '../support/servers/redis-server.mjs';
import type { ThrowawayServer } from '../support/servers/throwaway-server.mjs';

const TIMEOUT = 10_000;
/** Requests at a time. */
const CROWD = 10;

/** Of one server connection, which is lent to each process in turn. */
describe.each(DATABASES.filter((kind) => kind === 'postgres'))('two processes behind a PgBouncer', () => {
  let database: TestDatabase;
  let bouncer: ThrowawayServer;
  let opened: OpenedDatabase[];
  let stores: SqlSessionStore[];

  beforeAll(async () => {
    database = await createDatabase('postgres');
    bouncer = await startPgBouncer(database.url, 1);
    const open = () =>
      openDatabase({ database: { type: 'postgres', url: bouncer.url }, migrate: true, timeout: TIMEOUT });
    opened = await Promise.all([open(), open()]);
    stores = opened.map((one) => new SqlSessionStore(one.database));
  }, 60_000);
  afterAll(async () => {
    for (const one of opened) await one.close();
    await bouncer.stop();
    await database.drop();
  });

  const ending = { reason: 'revoked', at: NOW, idleBefore: 0 } as const;

  it('never run the statement of the other under a name of their own', async () => {
    const [one, other] = stores as [SqlSessionStore, SqlSessionStore];
    const [ada, eve] = [sessionOf(someone()), sessionOf(someone())];
    // In another order each, so that what is first to one is second to the other.
    await one.open(ada, NO_LIMITS);
    expect(await other.find(ada)).toEqual(ada);
    await other.open(eve, NO_LIMITS);
    expect(await one.check(eve)).toMatchObject({ refTokID: eve.refTokID });
    expect(await other.forget(ada.userId)).toBe(1);
    expect(await one.list(eve.userId, false, { at: ending.at, idleBefore: 0, limit: 100 })).toHaveLength(1);
    expect(await one.end(eve, ending)).toBe('ended');
    expect(await other.find(ada)).toBeUndefined();
    expect(await other.find(eve)).toMatchObject({ endReason: 'revoked' });
  });

  it('answer all requests that meet a mixed-up name at once, and tell of it once', async () => {
    const source = await new DataSource({ type: 'postgres', url: bouncer.url, poolSize: CROWD }).initialize();
    const [pool, lines] = [poolOf(source, { timeout: TIMEOUT, isOurs: false, tables: DEFAULT_TABLES }), [] as string[]];
    pool.warnTo?.((line) => lines.push(line));
    const store = new SqlSessionStore(new PooledDatabase(pool, TIMEOUT));
    const sessions = Array.from({ length: CROWD }, () => sessionOf(someone()));
    const openAndFind = async (session: (typeof sessions)[number]) => {
      await store.open(session, NO_LIMITS);
      return store.find(session);
    };
    const found = await Promise.all(sessions.map(openAndFind)).finally(() => source.destroy());
    expect(found).toEqual(sessions);
    expect(lines).toEqual([
      expect.stringMatching(/loses or mixes up prepared statements.*Set `max_prepared_statements`/),
    ]);
  });

  it('leave nothing of their limits on the connection of the pooler', async () => {
    const [one] = stores as [SqlSessionStore];
    await one.open(sessionOf(someone()), NO_LIMITS);
    const stranger = await new DataSource({ type: 'postgres', url: bouncer.url, poolSize: 1 }).initialize();
    const [row] = await stranger.query(
      `SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock, ` +
        `current_setting('idle_in_transaction_session_timeout') AS idle`,
    );
    await stranger.destroy();
    expect(row).toEqual({ statement: '0', lock: '0', idle: '0' });
  });
});

/** It accepts LISTEN, and what is sent to the channel never arrives. */
describe.each(DATABASES.filter((kind) => kind === 'postgres'))('two apps behind a PgBouncer', () => {
  let database: TestDatabase;
  let bouncer: ThrowawayServer;
  let log: MemoryLog;
  let here: TestApp;
  let there: TestApp;

  beforeAll(async () => {
    database = await createDatabase('postgres');
    bouncer = await startPgBouncer(database.url, 4);
    const options: DataSourceOptions = { type: 'postgres', url: bouncer.url };
    there = await startApp({ options: { database: options } });
    // The app that starts last takes the log.
    here = await startApp({
      options: { database: options, revocation: { nearCopy: { over: 'database' } } },
      prepare: () => {
        log = MemoryLog.listen();
      },
    });
  }, 60_000);
  afterAll(async () => {
    Logger.overrideLogger(false);
    await here.close();
    await there.close();
    await bouncer.stop();
    await database.drop();
  });

  const unheard = () => log.lines.filter((line) => line.startsWith('warn Messages between processes do not arrive'));

  it('say once that no messages arrive, and what to do, and use no near copies', async () => {
    await until(async () => unheard().length > 0);
    expect(unheard()).toEqual([expect.stringContaining('a message that this process sent to itself did not arrive')]);
    expect(unheard()[0]).toContain('give `database` the address of the server or of a pooler in session mode');
    const { access_token: token } = await here.client.signIn();
    for (let n = 0; n < 2; n++) expect((await here.client.profile(token)).status).toBe(200);
    expect(here.nest.get(RevocationMetrics).nearCopy()).toMatchObject({ connected: false, entries: 0, hits: 0 });
    expect((await there.client.logout({ token })).status).toBe(204);
    expect((await here.client.profile(token)).status).toBe(401);
  });

  it('tell a stream in one of a sign-out in the other, by reading again', async () => {
    const { access_token: token } = await here.client.signIn();
    const stream = await EventReader.open(here.client.baseUrl, token);
    expect((await there.client.logout({ token })).status).toBe(204);
    await stream.over();
    expect(stream.events.at(-1)).toMatchObject({
      type: 'session.revoked',
      session: { current: true, endReason: 'signed_out' },
    });
    expect(unheard()).toHaveLength(1);
  });
});
