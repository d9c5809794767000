import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSourceOptions } from 'typeorm';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { startApp, type TestApp } from '../support/app.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';
import { expectUnavailable } from '../support/expect.js';
import { Onlooker } from '../support/server-state.js';
import { startMariadb } from '../support/servers/mariadb.mjs';
import { startPostgres } from '../support/servers/postgres.mjs';
import { startStandby } from '../support/servers/postgres-standby.mjs';
import type { ThrowawayServer } from '../support/servers/throwaway-server.mjs';
import { TcpProxy } from '../support/tcp-proxy.js';

const TIMEOUT = 2_000;
const SERVERS = DATABASES.filter((kind) => kind !== 'sqlite');

/** Why a database is refused at boot. */
async function refusal(database: DataSourceOptions): Promise<Error> {
  return openDatabase({ database, migrate: false, timeout: TIMEOUT }).then(
    () => new Error('it was not refused'),
    (error: Error) => error,
  );
}

describe.each(SERVERS.filter((kind) => kind === 'postgres'))('a standby of PostgreSQL', () => {
  let primary: ThrowawayServer;
  let standby: ThrowawayServer;
  let proxy: TcpProxy;
  let app: TestApp;

  beforeAll(async () => {
    primary = await startPostgres();
    const way = await TcpProxy.before(primary.url);
    proxy = way.proxy;
    app = await startApp({ options: { database: { type: 'postgres', url: way.url } } });
    standby = await startStandby(primary.url);
  }, 60_000);
  afterAll(async () => {
    await app.close();
    await proxy.stop();
    await standby.stop();
    await primary.stop();
  });

  it('is refused at boot, and told apart from a database without tables', async () => {
    const message = await refusalOf(standby.url);
    expect(message).toContain('AuthModule option `database`: The database server is read-only (it is a standby)');
    expect(message).toContain('Give the address of the primary');
  });

  /** Once it has started: until then it lets nobody in. */
  async function refusalOf(url: string): Promise<string> {
    for (;;) {
      const { message } = await refusal({ type: 'postgres', url });
      if (!message.includes('starting up')) return message;
    }
  }

  it('answers nothing but 503 to an app that is led there, until it is led back', async () => {
    const live = await app.client.signIn();
    expect((await app.client.profile(live.access_token)).status).toBe(200);
    proxy.leadTo(standby.url);
    for (let attempt = 0; attempt < 5; attempt++) expectUnavailable(await app.client.profile(live.access_token));
    expectUnavailable(await app.client.logout({ token: live.access_token }));
    proxy.leadTo(primary.url);
    expect((await app.client.profile(live.access_token)).status).toBe(200);
  });
});

describe.each(SERVERS.filter((kind) => kind === 'mysql'))('a MariaDB that becomes read-only', () => {
  let server: ThrowawayServer;
  let app: TestApp;
  let onlooker: Onlooker;

  beforeAll(async () => {
    server = await startMariadb();
    app = await startApp({ options: { database: { type: 'mysql', url: server.url } } });
    const options: DataSourceOptions = { type: 'mysql', url: server.url };
    onlooker = await Onlooker.of({ kind: 'mysql', url: server.url, options, drop: async () => {} });
  }, 60_000);
  afterAll(async () => {
    await app.close();
    await onlooker.leave();
    await server.stop();
  });

  it('answers nothing but 503 soon, on connections that are open, too, and is refused at boot', async () => {
    const live = await app.client.signIn();
    await onlooker.query('SET GLOBAL read_only = 1');
    // A connection is asked again after a second.
    let answer = await app.client.profile(live.access_token);
    for (let tries = 0; tries < 100 && answer.status === 200; tries++) {
      await new Promise((done) => setTimeout(done, 50));
      answer = await app.client.profile(live.access_token);
    }
    expectUnavailable(answer);
    expectUnavailable(await app.client.logout({ token: live.access_token }));
    expect((await refusal({ type: 'mysql', url: server.url })).message).toContain(
      'is read-only (read_only is on there)',
    );
    await onlooker.query('SET GLOBAL read_only = 0');
    expect((await app.client.profile(live.access_token)).status).toBe(200);
  });
});

describe.each(SERVERS)('a user of %s who may only read', (kind) => {
  let database: TestDatabase;
  let onlooker: Onlooker;
  beforeAll(async () => {
    database = await createDatabase(kind);
    await (await openDatabase({ database: database.options, migrate: true, timeout: TIMEOUT })).close();
    onlooker = await Onlooker.of(database);
  });
  afterAll(async () => {
    await onlooker.leave();
    await database.drop();
  });

  it('is told at boot, with what the server says', async () => {
    const { pathname } = new URL(database.url);
    const user = `reader_${pathname.slice(-20)}`;
    for (const statement of grants(kind, user, pathname.slice(1))) await onlooker.query(statement);
    const url = Object.assign(new URL(database.url), { username: user }).href;
    const { message } = await refusal({ type: kind as 'postgres', url });
    expect(message).toContain('the user of its connection is not allowed to write there');
    expect(message).toContain(kind === 'postgres' ? 'permission denied for table' : 'command denied to user');
    expect(message).toContain('Grant its user SELECT, INSERT, UPDATE and DELETE');
    for (const statement of takenBack(kind, user)) await onlooker.query(statement);
  });
});

function grants(kind: string, user: string, name: string): string[] {
  if (kind === 'postgres')
    return [`CREATE ROLE ${user} LOGIN`, `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${user}`];
  return [`CREATE USER '${user}'@'%'`, `GRANT SELECT ON ${name}.* TO '${user}'@'%'`];
}

function takenBack(kind: string, user: string): string[] {
  return kind === 'postgres' ? [`DROP OWNED BY ${user}`, `DROP ROLE ${user}`] : [`DROP USER '${user}'@'%'`];
}
