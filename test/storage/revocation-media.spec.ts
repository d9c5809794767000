import { afterAll } from 'vitest';
import type { AuthModuleExtras, AuthModuleOptions, RevocationOptions } from 'nestjs-session-registry';
import { SessionRedis } from 'nestjs-session-registry/redis';
import { createCluster } from 'redis';
import { type CheckSetting, describeRevocationChecks } from '../contracts/revocation-check.contract.js';
import { createDatabase, DATABASES, type DatabaseKind } from '../support/databases.js';
import { startRedisCluster } from '../support/servers/redis-cluster.mjs';

const opened: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of opened.reverse()) await close();
});

let apps = 0;
const redis = () => new SessionRedis({ url: process.env.TEST_REDIS_URL ?? '', prefix: `checks ${++apps}:` });

async function over(
  kind: DatabaseKind,
  revocation: RevocationOptions,
): Promise<{ options: Partial<AuthModuleOptions> & AuthModuleExtras }> {
  const database = await createDatabase(kind);
  opened.push(() => database.drop());
  return { options: { database: database.options, migrate: true, revocation } };
}

// The other two kinds never ask a copy or a denylist, and a cutoff for everybody takes three seconds with hot copies.
for (const kind of DATABASES) {
  describeRevocationChecks(`${kind} on express, with a hot copy in Redis`, () => over(kind, { hotCopy: redis() }), [
    'session',
  ]);

  describeRevocationChecks(`${kind} on express, with a denylist in Redis`, () => over(kind, { denylist: redis() }), [
    'denylist',
  ]);
}

describeRevocationChecks('postgres on fastify, with a hot copy and a denylist in a Redis Cluster', async (): Promise<CheckSetting> => {
  const cluster = await startRedisCluster(3);
  opened.push(() => cluster.stop());
  const medium = new SessionRedis({ client: createCluster({ rootNodes: cluster.rootNodes }) });
  return { adapter: 'fastify', ...(await over('postgres', { hotCopy: medium, denylist: medium })) };
}, ['session', 'denylist']);

describeRevocationChecks(
  'postgres, with near copies by its own messages',
  () => over('postgres', { nearCopy: { over: 'database' } }),
  ['session'],
);

describeRevocationChecks('mysql, with near copies of hot copies, both by Redis', () => {
  const medium = redis();
  return over('mysql', { hotCopy: medium, nearCopy: { over: medium } });
}, ['session']);
