import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuthModuleOptions } from 'nestjs-session-registry';
import { SessionRedis } from 'nestjs-session-registry/redis';
import { createClient } from 'redis';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { EventReader } from '../support/event-reader.js';
import { openWorld, type World } from './realms-world.js';

const url = process.env.TEST_REDIS_URL ?? '';
const client = () => createClient({ url });

let database: TestDatabase;
let world: World;
let prefix: string;

beforeEach(async () => {
  database = await createDatabase('sqlite');
  prefix = `${randomUUID()}:`;
});
afterEach(async () => {
  await world.close();
  await database.drop();
});

/** Both realms on one `SessionRedis`. */
async function start(use: (redis: SessionRedis) => Partial<AuthModuleOptions>): Promise<void> {
  const options = { database: database.options, ...use(new SessionRedis({ url, prefix })) };
  world = await openWorld({ options });
}

/** The keys in Redis, without the prefix of this test, and with a star for what differs each time. */
async function keys(): Promise<string[]> {
  const redis = await client().connect();
  try {
    const found = await redis.keys(`${prefix}*`);
    return found.map((key) => key.slice(prefix.length).replace(/copies:[^:]+/, 'copies:*')).sort();
  } finally {
    redis.destroy();
  }
}

const status = async (path: string, token: string) => (await world.root.call('GET', path, { token })).status;

describe('two realms on one SessionRedis', () => {
  it('deny their own users, though they have the same ids', async () => {
    await start((redis) => ({ revocation: { check: 'denylist', denylist: redis } }));
    const [customer, admin] = [await world.customers.signIn('ada'), await world.admins.signIn('ada')];
    await world.shop.registry.revokeAll('id-of-ada');
    expect(await status('/profile', customer.access_token)).toBe(401);
    expect(await status('/office/profile', admin.access_token)).toBe(200);
    expect(await keys()).toEqual(['denied:{id-of-ada}']);
    await world.admins.logout({ token: admin.access_token });
    expect(await status('/office/profile', admin.access_token)).toBe(401);
    expect(await keys()).toEqual([`admin:denied:{id-of-ada}:${admin.session.guid}`, 'denied:{id-of-ada}']);
  });

  it('read copies of their own sessions, and drop them at once', async () => {
    await start((redis) => ({ revocation: { hotCopy: redis } }));
    const [customer, admin] = [await world.customers.signIn('ada'), await world.admins.signIn('ada')];
    for (let read = 0; read < 2; read++) {
      expect(await status('/profile', customer.access_token)).toBe(200);
      expect(await status('/office/profile', admin.access_token)).toBe(200);
      expect(await status('/office/profile', customer.access_token)).toBe(401);
    }
    const user = Buffer.from('id-of-ada').toString('base64url');
    expect(await keys()).toEqual([`admin:copies:*:{${user}}`, `copies:*:{${user}}`]);
    await world.shop.registry.revokeAll('id-of-ada');
    expect(await status('/profile', customer.access_token)).toBe(401);
    expect(await status('/office/profile', admin.access_token)).toBe(200);
  });

  it('tell only their own users what happens', async () => {
    await start((redis) => ({ messages: redis }));
    const heard: string[] = [];
    const redis = await client().connect();
    await redis.pSubscribe(`${prefix}*session_changes`, (_, channel) => heard.push(channel.slice(prefix.length)));
    const admin = await world.admins.signIn('ada');
    const reader = await EventReader.open(world.admins.baseUrl, admin.access_token);
    const [, own] = [await world.customers.signIn('ada'), await world.admins.signIn('ada')];
    await reader.heard(({ session }) => session.guid === own.session.guid);
    expect(new Set(heard)).toEqual(new Set(['session_changes', 'admin:session_changes']));
    reader.leave();
    redis.destroy();
  });
});
