import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type AuthModuleOptions,
  ConfigurationError,
  SessionEvents,
  SessionRegistry,
  type TokenPair,
} from 'nestjs-session-registry';
import pg from 'pg';
import { OpenedStore } from '../../src/module/open-store.js';
import { PatientRegistry } from '../../src/sessions/patient-registry.js';
import type { SqlDatabase } from '../../src/storage/sql/sql-database.js';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import { startApp, type TestApp } from '../support/app.js';
import type { ErrorBody } from '../support/client.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';
import { EventReader } from '../support/event-reader.js';
import { rowOf, watchWrites } from '../support/inspect.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { DAY, MINUTE } from '../support/times.js';

const running: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  for (const stop of running.splice(0).reverse()) await stop();
});

async function start(options: Partial<AuthModuleOptions> = {}): Promise<TestApp> {
  const app = await startApp({ options: { serverless: true, ...options } });
  running.push(() => app.close());
  return app;
}

async function emptyDatabase(kind: 'postgres' | 'mysql'): Promise<TestDatabase> {
  const database = await createDatabase(kind);
  running.push(() => database.drop());
  return database;
}

const isLetIn = async ({ client }: TestApp, { access_token }: TokenPair) =>
  expect((await client.profile(access_token)).status).toBe(200);
const rowsAt = ({ nest }: TestApp, sql: string) =>
  (nest.get(OpenedStore, { strict: false }).store as unknown as { database: SqlDatabase }).database.rows(sql, []);

describe('an app that may be frozen', () => {
  it('has written "last active" when it answers, once for many requests of a minute', async () => {
    const app = await start();
    const pair = await app.client.signIn();
    app.clock.advance(2 * MINUTE);
    const writes = watchWrites(app);
    await isLetIn(app, pair);
    expect(rowOf(app, pair.session.guid).lastActiveAt).toBe(app.clock.now());
    app.clock.advance(MINUTE - 1);
    await Promise.all(Array.from({ length: 10 }, () => isLetIn(app, pair)));
    expect(writes()).toBe(1);
    app.clock.advance(1);
    const asked = vi.spyOn(SqlSessionStore.prototype, 'touch');
    await Promise.all(Array.from({ length: 10 }, () => isLetIn(app, pair)));
    expect(asked).toHaveBeenCalledTimes(1);
    expect(rowOf(app, pair.session.guid).lastActiveAt).toBe(app.clock.now());
  });

  it('answers although "last active" could not be written, and writes it with the next request', async () => {
    const app = await start();
    const pair = await app.client.signIn();
    const { lastActiveAt } = rowOf(app, pair.session.guid);
    app.clock.advance(2 * MINUTE);
    vi.spyOn(SqlSessionStore.prototype, 'touch').mockRejectedValueOnce(new Error('away'));
    await isLetIn(app, pair);
    expect(rowOf(app, pair.session.guid).lastActiveAt).toBe(lastActiveAt);
    await isLetIn(app, pair);
    expect(rowOf(app, pair.session.guid).lastActiveAt).toBe(app.clock.now());
  });

  it('answers when the listeners of what it did are done, and a listener may do something itself', async () => {
    const app = await start();
    const events = app.nest.get(SessionEvents);
    const done: string[] = [];
    events.on('opened', async () => {
      await new Promise((turn) => setTimeout(turn, 20));
      done.push('written');
    });
    events.on('renamed', async ({ userId, guid }) => {
      await app.registry.revoke(userId, guid);
      done.push('revoked');
      throw new Error('a listener failed');
    });
    const { access_token: token, session } = await app.client.signIn();
    expect(done).toEqual(['written']);
    const renamed = await app.client.call('PATCH', `/sessions/${session.guid}`, { token, body: { name: 'Desk' } });
    expect(renamed.status).toBe(200);
    expect(done).toEqual(['written', 'revoked']);
    expect((await app.client.profile(token)).status).toBe(401);
  });

  it('waits for listeners in every method that may call them', () => {
    const others = [
      'currentTicket',
      'list',
      'listPage',
      'listEnded',
      'listEndedPage',
      'isTouchDue',
      'touch',
      'flushTouches',
    ];
    const methodsOf = ({ prototype }: { prototype: object }) =>
      Object.getOwnPropertyNames(prototype).filter((name) => !['constructor', 'stop', ...others].includes(name));
    expect(methodsOf(PatientRegistry).sort()).toEqual(methodsOf(SessionRegistry).sort());
  });

  it('starts no timer that comes again, and purges when it is told to', async () => {
    const started = vi.spyOn(globalThis, 'setInterval');
    await start({ serverless: false });
    expect(started).toHaveBeenCalled();
    started.mockClear();
    const app = await start({ purge: { retention: '1d' } });
    const { access_token } = await app.client.signIn();
    expect((await app.client.logout({ token: access_token })).status).toBe(204);
    expect(started).not.toHaveBeenCalled();
    app.clock.advance(DAY - 1);
    expect(await app.registry.purge()).toBe(0);
    app.clock.advance(1);
    expect(await app.registry.purge()).toBe(1);
  });
});

const AGAIN = 'and `serverless` says that it may be';

describe('an app that may be frozen does not boot', () => {
  it.each<[string, Partial<AuthModuleOptions>, string, string]>([
    [
      'with a schedule',
      { purge: { every: '1h' } },
      'purge.every',
      `no timer fires while the process is frozen, ${AGAIN}`,
    ],
    [
      'with near copies',
      { revocation: { nearCopy: { over: 'database' } } },
      'revocation.nearCopy',
      `a process hears of no sign-out while it is frozen, ${AGAIN}`,
    ],
    [
      'with a denylist in memory',
      { revocation: { denylist: 'memory' } },
      'revocation.denylist',
      "'memory' is known to one process, and with `serverless` there are many that come and go",
    ],
    [
      'over a file that nobody named',
      { database: undefined as never },
      'database',
      'it is missing, and the app provides no DataSource: an embedded file would be a guess with `serverless`',
    ],
    ['with a word', { serverless: 'yes' as never }, 'serverless', "'yes' is neither true nor false"],
  ])('%s', async (_, options, option, problem) => {
    const booting = startApp({ options: { serverless: true, ...options } });
    await expect(booting).rejects.toThrow(ConfigurationError);
    await expect(booting).rejects.toThrow(`AuthModule option \`${option}\`: ${problem}. `);
  });
});

if (DATABASES.includes('postgres')) {
  describe('an app over PostgreSQL that may be frozen', () => {
    const LISTENING = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'";
    const open = (app: TestApp, { access_token }: TokenPair) => EventReader.open(app.client.baseUrl, access_token);

    it('keeps no connection to listen, and hears and tells what happens all the same', async () => {
      const { options: database } = await emptyDatabase('postgres');
      const app = await start({ database, migrate: true });
      const other = await start({ database, migrate: true, serverless: false });
      const pair = await app.client.signIn();
      const stream = await open(app, pair);
      const phone = await other.client.signIn();
      const isPhone = ({ type, session: { guid } }: EventReader['events'][number]) =>
        type === 'session.opened' && guid === phone.session.guid;
      await stream.heard(isPhone);
      expect(await rowsAt(app, LISTENING)).toHaveLength(0);
      const listening = await open(other, pair);
      while ((await rowsAt(app, LISTENING)).length === 0) await new Promise((done) => setTimeout(done, 20));
      const tablet = await app.client.signIn();
      await listening.heard(({ session: { guid } }) => guid === tablet.session.guid);
      for (const one of [stream, listening]) one.leave();
    });

    it.each([
      [
        'its own connections',
        (url: string) => ({ type: 'postgres', url, poolSize: 1, extra: { idleTimeoutMillis: 0 } }),
      ],
      ['a pool of the app', (url: string) => appPool(url)],
    ] as const)('does not use %s any more if they were unused for long', async (_, made) => {
      const { url: direct } = await emptyDatabase('postgres');
      const { proxy, url } = await TcpProxy.before(direct);
      running.push(() => proxy.stop());
      const options = { migrate: true, accessTtl: '1d', touchInterval: '1d' } as const;
      const answers: string[] = [];
      for (const serverless of [true, false]) {
        const app = await start({ ...options, database: made(url) as never, serverless, storeTimeout: '1s' });
        const { access_token: token } = await app.client.signIn();
        // Its message to other processes may still be on its way without `serverless`, and occupy the one connection.
        if (!serverless) await app.client.profile(token);
        proxy.forget();
        app.clock.advance(MINUTE);
        const { status, body } = await app.client.call<Partial<ErrorBody>>('GET', '/profile', { token });
        answers.push(`${status} ${body.code ?? 'accepted'}`);
      }
      expect(answers).toEqual(['200 accepted', '503 unavailable']);
    });

    function appPool(connectionString: string): pg.Pool {
      const pool = new pg.Pool({ connectionString, max: 1, idleTimeoutMillis: 0 });
      running.push(() => pool.end());
      return pool;
    }
  });
}

const UNUSED = {
  postgres: [`SELECT current_setting('idle_session_timeout') AS "limit"`, '1min', '0'],
  mysql: ['SELECT @@SESSION.wait_timeout AS "limit"', '60', '28800'],
} as const;

describe.each(DATABASES.filter((kind) => kind !== 'sqlite'))('connections to %s', (kind) => {
  it('are ended by the server a minute after their last use, for a process that is frozen meanwhile', async () => {
    const { options: database } = await emptyDatabase(kind);
    const [sql, frozen, ordinary] = UNUSED[kind];
    const limits: string[] = [];
    for (const serverless of [true, false]) {
      const app = await start({ database, migrate: true, serverless });
      limits.push(String((await rowsAt(app, sql))[0]?.limit));
    }
    expect(limits).toEqual([frozen, ordinary]);
  });
});
