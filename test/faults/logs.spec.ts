import { afterEach, describe, expect, it } from 'vitest';
import { Logger } from '@nestjs/common';
import { LiveSessions, SystemClock, type TokenPair } from 'nestjs-session-registry';
import { SessionRedis } from 'nestjs-session-registry/redis';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { ClockWatch } from '../../src/faults/clock-watch.js';
import { FaultLog } from '../../src/faults/fault-log.js';
import { startApp, type TestApp, type TestAppOptions } from '../support/app.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';
import { expectUnavailable } from '../support/expect.js';
import { MINUTE, SECOND } from '../support/times.js';
import { MemoryLog } from '../support/memory-log.js';
import { startRedisServer, until } from '../support/servers/redis-server.mjs';
import { TcpProxy } from '../support/tcp-proxy.js';

/** A machine whose clock is off. */
class OffClock extends SystemClock {
  constructor(public off: number) {
    super();
  }
  override now(): number {
    return super.now() + this.off;
  }
}

let log: MemoryLog;
const running: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  Logger.overrideLogger(false);
  for (const stop of running.splice(0).reverse()) await stop();
});

/** What the library said; beside it Nest tells of its routes. */
const said = () => log.lines.filter((line) => !line.startsWith('log '));

async function newDatabase(kind: TestDatabase['kind']): Promise<TestDatabase> {
  const database = await createDatabase(kind);
  running.push(() => database.drop());
  return database;
}
async function start(options: TestAppOptions['options']): Promise<TestApp> {
  const prepare = () => {
    log = MemoryLog.listen();
  };
  const app = await startApp({ options: { migrate: true, ...options }, prepare });
  running.push(() => app.close());
  return app;
}
function pass(app: TestApp, milliseconds: number): void {
  app.clock.advance(milliseconds);
  app.nest.get(FaultLog).tick();
}
async function served({ client }: TestApp, { access_token: token }: TokenPair): Promise<boolean> {
  return (await client.profile(token)).status === 200;
}

describe.each(DATABASES.filter((kind) => kind !== 'sqlite'))('the log, where %s', (kind) => {
  it('is gone for a thousand requests and comes back: begin, count, over', async () => {
    const database = await newDatabase(kind);
    const { proxy, url } = await TcpProxy.before(database.url);
    running.push(() => proxy.stop());
    const app = await start({ database: { type: kind, url, poolSize: 5 } as DataSourceOptions, storeTimeout: '400ms' });
    const pair = await app.client.signIn();
    await proxy.become('down');
    for (let round = 0; round < 5; round++) {
      const requests = Array.from({ length: 200 }, () => app.client.profile(pair.access_token));
      for (const answer of await Promise.all(requests)) expectUnavailable(answer);
      pass(app, 15 * SECOND);
    }
    await proxy.become('none');
    await until(() => served(app, pair));
    pass(app, 10 * SECOND);
    // The message about the sign-in may have been on its way.
    expect(said().filter((line) => line.includes('session store'))).toEqual([
      expect.stringMatching(/^error The session store fails: .*, first at GET \/profile\./),
      expect.stringMatching(
        /^error The session store fails \(for 30 s now\): [\d,]+ failures?, 400 requests answered 503/,
      ),
      expect.stringMatching(
        /^warn The session store works again\. .* 75 s: [\d,]+ failures, 1,0\d\d requests answered 503\./,
      ),
    ]);
  }, 60_000);

  it("refuses a statement: the line has the server's code", async () => {
    const database = await newDatabase(kind);
    const app = await start({ database: database.options });
    const { access_token } = await app.client.signIn();
    const other = await new DataSource(database.options).initialize();
    await other.query('ALTER TABLE sessions RENAME TO away');
    await other.destroy();
    expectUnavailable(await app.client.profile(access_token));
    const code =
      kind === 'postgres' ? /\[42P01\] relation "sessions" does not exist/ : /\[ER_NO_SUCH_TABLE 1146 42S02\] Table/;
    expect(said()).toEqual([expect.stringMatching(code)]);
  });

  it('has another time than this machine: told at start, and once more when that is right', async () => {
    const clock = new OffClock(-5 * MINUTE);
    const { options } = await newDatabase(kind);
    const app = await start({ database: options, clock });
    await until(async () => said().length > 0);
    expect(said()).toEqual([
      expect.stringMatching(/^error The clock is wrong: it is 300\.\d s behind the database's\. /),
    ]);
    clock.off = 0;
    await app.nest.get(ClockWatch).measure();
    app.nest.get(FaultLog).tick();
    expect(said().slice(1)).toEqual([
      expect.stringMatching(/^warn The clock is within 60 s of the database's\. .* 1 failure\./),
    ]);
  });

  it('has the same time as this machine: nothing is said', async () => {
    const { options } = await newDatabase(kind);
    const app = await start({ database: options, clock: new SystemClock() });
    await app.nest.get(ClockWatch).measure();
    app.nest.get(FaultLog).tick();
    expect(said()).toEqual([]);
  });
});

const withServers = describe.each(DATABASES.filter((kind) => kind === 'postgres'));

withServers('the log, where a feed over PostgreSQL is cut', () => {
  /** Ends the connections that listen to a channel, as a restart or an idle limit does. */
  async function cut({ options }: TestDatabase, channel: string): Promise<void> {
    const other = await new DataSource(options).initialize();
    const listening = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query IN ('SELECT 1', 'LISTEN ${channel}')`;
    await until(async () => ((await other.query(listening)) as unknown[]).length > 0);
    await other.query(`SELECT pg_terminate_backend(pid) FROM (${listening}) AS listening`);
    await other.destroy();
  }

  it.each([
    ['session_changes', {}, 'Messages about changed sessions'],
    ['session_copies_stale', { revocation: { nearCopy: { over: 'database' } } }, 'Messages about stale copies'],
  ] as const)('(%s): one line when it is lost, and one when it is heard again', async (channel, options, name) => {
    const database = await newDatabase('postgres');
    const app = await start({ database: database.options, ...options });
    const { session } = await app.client.signIn();
    if (channel === 'session_changes') {
      await app.nest.get(LiveSessions).watch({ userId: 'id-of-ada', guid: session.guid }, () => {});
    }
    await cut(database, channel);
    await until(async () => said().length > 0);
    app.clock.advance(10 * SECOND);
    await until(async () => {
      app.nest.get(FaultLog).tick();
      return said().length > 1;
    });
    expect(said()).toEqual([
      expect.stringMatching(
        new RegExp(`^warn ${name} are lost: \\[57P01\\] terminating connection due to administrator command\\. `),
      ),
      expect.stringMatching(new RegExp(`^warn ${name} arrive again\\. The fault lasted .*: \\d+ failures?\\.`)),
    ]);
  });
});

withServers('the log, where Redis goes', () => {
  it('has a line when it is lost and one when it answers again, whatever needed it', async () => {
    const { options } = await newDatabase('postgres');
    const server = await startRedisServer();
    running.push(() => server.stop());
    const redis = new SessionRedis({ url: server.url });
    const app = await start({ database: options, revocation: { check: 'denylist', denylist: redis, hotCopy: redis } });
    const pair = await app.client.signIn();
    await server.kill();
    for (let count = 0; count < 50; count++) await app.client.profile(pair.access_token);
    await server.start();
    await until(() => served(app, pair));
    pass(app, 10 * SECOND);
    expect(said().map((line) => line.slice(0, 60))).toEqual([
      expect.stringMatching(/^warn Redis is lost, and is tried again: /),
      expect.stringMatching(/^warn Redis answers again\. The fault lasted /),
    ]);
    expect(said()[1]).toMatch(/[5-9]\d requests answered 503\./);
  });
});
