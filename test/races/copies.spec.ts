import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SECRET } from '../support/app.js';
import { createDatabase, type DatabaseKind, type TestDatabase } from '../support/databases.js';
import { type AppProcess, startProcesses } from '../support/process/app-process.js';
import type { Mutation } from '../support/process/mutations.js';
import type { ProcessRedis } from '../support/process/process-redis.js';
import { startRedisCluster } from '../support/servers/redis-cluster.mjs';
import { type RedisServer, startRedisServer } from '../support/servers/redis-server.mjs';
import { Clients, NO_FINDINGS } from './clients.js';
import { MistreatedRedis } from './mistreated-redis.js';

const LONG = process.env.RACES === 'long';
const REVOKES = LONG ? 10_000 : 90;
const PEACE = LONG ? 8_000 : 700;
const PROCESSES = 3;
const RUN = { clients: 24, users: 12 };
const PATIENCE = LONG ? 7_200_000 : 120_000;

interface Servers {
  readonly at: ProcessRedis['at'];
  readonly nodes: readonly RedisServer[];
  stop(): Promise<unknown>;
}

const KINDS: Record<string, () => Promise<Servers>> = {
  'one Redis': async () => {
    const server = await startRedisServer();
    return { at: { url: server.url }, nodes: [server], stop: () => server.stop() };
  },
  'a Redis Cluster of three': async () => {
    const { rootNodes, masters, stop } = await startRedisCluster(3);
    return { at: { rootNodes }, nodes: masters, stop };
  },
};

const CASES: [string, DatabaseKind][] = LONG
  ? [
      ['one Redis', 'postgres'],
      ['one Redis', 'mysql'],
      ['one Redis', 'sqlite'],
      ['a Redis Cluster of three', 'postgres'],
    ]
  : [
      ['one Redis', 'postgres'],
      ['a Redis Cluster of three', 'postgres'],
    ];

describe.each(CASES)('three processes with hot copies in %s over %s', (kind, databaseKind) => {
  let database: TestDatabase;
  let servers: Servers;
  let processes: AppProcess[];

  async function start(mutation?: Mutation): Promise<void> {
    const auth = { secret: SECRET, database: database.options, migrate: true };
    const redis: ProcessRedis = { at: servers.at, uses: ['hotCopy'] };
    processes = await startProcesses(PROCESSES, { auth, redis, ...(mutation && { mutation }) });
  }
  const stop = () => Promise.all(processes.map((process) => process.stop()));
  const clients = (revokes: number) =>
    new Clients(
      processes.map(({ client }) => client),
      { ...RUN, revokes },
    );

  beforeAll(async () => {
    database = await createDatabase(databaseKind);
    servers = (await KINDS[kind]?.()) as Servers;
    await start();
  }, PATIENCE);
  afterAll(async () => {
    await stop();
    await servers.stop();
    await database.drop();
  });

  it(
    'accept nothing after a revoke while Redis is restarted, paused and flushed',
    async () => {
      const mistreated = new MistreatedRedis(servers.nodes, PEACE);
      const race = clients(REVOKES);
      mistreated.start();
      await race.run();
      await mistreated.stop();
      const { revoked, accepted } = race.history;
      const found = await race.findings();
      const violations = Object.values(found).flat().length;
      const said = Object.entries(mistreated.done).map(([what, times]) => `${times} × ${what}`);
      process.stdout.write(
        `      ${kind}, ${databaseKind}: ${revoked.length} revokes, ${accepted.length} accepted requests, ${said.join(', ')}: ${violations} violations\n`,
      );
      expect(found).toEqual(NO_FINDINGS);
      expect(accepted.length).toBeGreaterThan(revoked.length);
      expect(Object.values(mistreated.done).every((times) => times > 0)).toBe(true);
    },
    PATIENCE,
  );

  // Whether the checker sees what is wrong does not depend on where the copies are.
  // Whether the checker sees a break takes as long as the above.
  if (!LONG) return;

  it(
    'are caught by the checker when copies are not dropped',
    async () => {
      await stop();
      await start('no drop');
      const race = clients(60);
      await race.run();
      expect(race.history.lateAcceptances().length).toBeGreaterThan(0);
    },
    PATIENCE,
  );
});
