export type { RedisClient } from './redis/redis-client.js';
export { SessionRedis, type SessionRedisOptions } from './redis/session-redis.js';
