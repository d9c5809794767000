import { setTimeout } from 'node:timers/promises';
import type { RedisClient } from '../../src/redis/redis-client.js';
import { RedisDenylist } from '../../src/redis/redis-denylist.js';
import { RedisLink } from '../../src/redis/redis-link.js';
import type { DenylistBench } from '../contracts/denylist.contract.js';
import { TestClock } from '../../src/testing/test-clock.js';

/** How long the denylist of a test waits for Redis, in milliseconds. */
export const TIMEOUT = 500;

/** A denylist in Redis, over a client of its own. Its clock stands still, years from the time of Redis. */
export interface RedisDenylistBench extends DenylistBench {
  readonly denylist: RedisDenylist;
  readonly clock: TestClock;
}

/** Opens a denylist in Redis; `close` it when the test is through. */
export async function openRedisDenylist(
  client: RedisClient,
  { prefix = 'app:', timeout = TIMEOUT } = {},
): Promise<RedisDenylistBench> {
  const clock = new TestClock();
  const link = new RedisLink(client, timeout);
  await link.open();
  const passed = (moment: number) => setTimeout(moment - clock.now() + 50);
  const denylist = new RedisDenylist(link, prefix, clock);
  return { denylist, now: () => clock.now(), clock, passed, close: () => link.close() };
}
