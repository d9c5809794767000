export type { RedisClient } from './storage/redis/redis-client.js';
export { SessionRedis, type SessionRedisOptions } from './storage/redis/session-redis.js';
