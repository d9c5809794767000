import { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Logger } from '@nestjs/common';
import { SessionEvents, type TokenPair } from 'nestjs-session-registry';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { FaultLog } from '../../src/faults/fault-log.js';
import { startApp, type TestApp } from '../support/app.js';
import { DATABASES } from '../support/databases.js';
import { EventReader } from '../support/event-reader.js';
import { expectUnavailable } from '../support/expect.js';
import { MemoryLog } from '../support/memory-log.js';
import { startPostgres } from '../support/servers/postgres.mjs';
import { startStandby } from '../support/servers/postgres-standby.mjs';
import { until } from '../support/servers/redis-server.mjs';
import type { ThrowawayServer } from '../support/servers/throwaway-server.mjs';
import { TcpProxy } from '../support/tcp-proxy.js';
import { SECOND } from '../support/times.js';

/** The name of a server whose address changes, as in DNS: each new connection looks it up. */
class ServerName {
  constructor(private url: string) {}

  leadTo(url: string): void {
    this.url = url;
  }

  /** For the option `stream` of node-postgres. */
  readonly stream = (): Socket => {
    const socket = new Socket();
    const connect = socket.connect.bind(socket);
    const { hostname, port } = new URL(this.url);
    return Object.assign(socket, { connect: () => connect(Number(port), hostname) });
  };
}

describe.each(DATABASES.filter((kind) => kind === 'postgres'))('a failover of PostgreSQL', () => {
  let primary: ThrowawayServer;
  let standby: ThrowawayServer;
  let onStandby: DataSource;
  let proxy: TcpProxy;
  let name: ServerName;
  let log: MemoryLog;
  let behindProxy: TestApp;
  let byName: TestApp;
  const refusals: string[] = [];

  const start = (database: DataSourceOptions) =>
    startApp({
      options: { database },
      prepare: (nest) => {
        log = MemoryLog.listen();
        nest.get(SessionEvents).on('refused', ({ reason }) => void refusals.push(reason));
      },
    });

  beforeAll(async () => {
    primary = await startPostgres();
    const way = await TcpProxy.before(primary.url);
    proxy = way.proxy;
    name = new ServerName(primary.url);
    behindProxy = await start({ type: 'postgres', url: way.url });
    byName = await start({ type: 'postgres', url: primary.url, extra: { stream: name.stream } });
    standby = await startStandby(primary.url);
    await until(async () => {
      onStandby = await new DataSource({ type: 'postgres', url: standby.url }).initialize();
      return true;
    });
  }, 60_000);
  afterAll(async () => {
    Logger.overrideLogger(false);
    await behindProxy.close();
    await byName.close();
    await onStandby.destroy();
    await proxy.stop();
    await standby.stop();
    await primary.stop();
  });

  const statusesFor = async ({ access_token: token }: TokenPair) =>
    Promise.all([behindProxy, byName].map(async ({ client }) => (await client.profile(token)).status));
  const said = (text: string) => log.lines.filter((line) => line.includes(text));

  /** Resolves once the standby knows that the session has ended. */
  const isReplicated = ({ session: { guid } }: TokenPair) =>
    until(async () => {
      const [row] = await onStandby.query('SELECT "endedAt" FROM sessions WHERE guid = $1', [guid]);
      return row?.endedAt != null;
    });

  it('is answered 503 until the replica is promoted, then 200, and what was signed out stays so', async () => {
    const [live, dead] = [await behindProxy.client.signIn(), await behindProxy.client.signIn()];
    const stream = await EventReader.open(byName.client.baseUrl, live.access_token);
    expect((await behindProxy.client.logout({ token: dead.access_token })).status).toBe(204);
    await isReplicated(dead);

    // At once, without a word to anybody, and until its last process is gone.
    await primary.stop();
    await expectOutage(live);
    proxy.leadTo(standby.url);
    name.leadTo(standby.url);
    // Not promoted yet, it may lag, and takes no sign-out.
    await expectOutage(live);
    expect(said('The session store fails: ')).not.toEqual([]);

    await onStandby.query('SELECT pg_promote(true, 60)');
    await until(async () => (await statusesFor(live)).every((status) => status === 200));
    refusals.length = 0;
    expect(await statusesFor(dead)).toEqual([401, 401]);
    expect((await byName.client.refresh(dead.refresh_token)).status).toBe(401);
    expect(refusals).toEqual(Array(3).fill('session_ended'));
    await expectNews(stream, live);
  }, 60_000);

  async function expectOutage({ access_token: token }: TokenPair): Promise<void> {
    for (const { client } of [behindProxy, byName]) {
      expectUnavailable(await client.profile(token));
      expectUnavailable(await client.logout({ token }));
    }
  }

  /** The stream is still open, its process listens on the new primary, and hears of a sign-out of the other one. */
  async function expectNews(stream: EventReader, { access_token: token }: TokenPair): Promise<void> {
    await until(async () => {
      const listening = "SELECT 1 FROM pg_stat_activity WHERE query = 'LISTEN session_changes'";
      return (await onStandby.query(listening)).length > 0;
    });
    byName.clock.advance(10 * SECOND);
    await until(async () => {
      byName.nest.get(FaultLog).tick();
      return said('Messages about changed sessions arrive again').length > 0;
    });
    expect(said('Messages about changed sessions')).toHaveLength(2);
    expect((await behindProxy.client.logout({ token })).status).toBe(204);
    await stream.over();
    expect(stream.events.at(-1)).toMatchObject({ session: { current: true, endReason: 'signed_out' } });
  }
});
