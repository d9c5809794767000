import { type Contender, peer, registry } from './contender.js';

const NO_GUARD = [
  peer('no-guard', 'no guard', 'no-guard'),
  peer('no-guard-fastify', 'no guard, Fastify', 'no-guard', {}, { adapter: 'fastify' }),
  peer('empty-guard', 'a guard that only says yes', 'no-guard', { guard: true }),
  peer(
    'empty-guard-fastify',
    'a guard that only says yes, Fastify',
    'no-guard',
    { guard: true },
    { adapter: 'fastify' },
  ),
];

const KEY_OBJECT = { key: 'KeyObject' };
const STATELESS = [
  peer('stateless-key-object', 'stateless passport-jwt, KeyObject', 'stateless', KEY_OBJECT),
  peer('stateless-key-object-fastify', 'stateless passport-jwt, KeyObject, Fastify', 'stateless', KEY_OBJECT, {
    adapter: 'fastify',
  }),
  peer('stateless-string', "stateless `AuthGuard('jwt')`, string secret", 'stateless', { key: 'string' }),
  peer('find-one', 'passport-jwt with `findOne`, PostgreSQL', 'find-one', {}, { database: 'postgres' }),
];

const SIGN_OUT = { refuses: 'device', signOut: 'POST /logout' } as const;
const ON_POSTGRES = { ...SIGN_OUT, database: 'postgres' } as const;
const OTHERS = [
  peer('express-session-redis', 'express-session, Redis', 'express-session', {}, { ...SIGN_OUT, servers: ['redis'] }),
  peer('express-session-postgres', 'express-session, PostgreSQL', 'express-session', {}, ON_POSTGRES),
  peer('better-auth-postgres', 'better-auth, PostgreSQL', 'better-auth', {}, ON_POSTGRES),
  peer(
    'better-auth-redis',
    'better-auth, Redis',
    'better-auth',
    { uses: 'redis' },
    { ...ON_POSTGRES, servers: ['redis'] },
  ),
  peer(
    'better-auth-cookie-cache',
    'better-auth, cookie cache',
    'better-auth',
    { uses: 'cookieCache' },
    {
      ...ON_POSTGRES,
      refuses: 'nothing',
    },
  ),
];

/** The same without TypeORM. */
const onPool = (contender: Contender): Contender => ({ ...contender, app: 'registry-on-pool' });

const COOKIE = { transport: 'cookie', cookies: { access: true } };
const OURS = [
  registry('strict, PostgreSQL', 'device', {}),
  registry('strict, PostgreSQL, cookie', 'device', COOKIE),
  registry('strict, SQLite', 'device', {}, { database: 'sqlite' }),
  registry('strict, MariaDB', 'device', {}, { database: 'mysql' }),
  registry('strict, PostgreSQL, Fastify', 'device', {}, { adapter: 'fastify' }),
  registry('strict, SQLite, Fastify', 'device', {}, { adapter: 'fastify', database: 'sqlite' }),
  registry('strict, MariaDB, Fastify', 'device', {}, { adapter: 'fastify', database: 'mysql' }),
  onPool(registry('strict, Pool of pg', 'device', {})),
  onPool(registry('strict, Pool of pg, Fastify', 'device', {}, { adapter: 'fastify' })),
  registry('hot copy in Redis', 'device', {}, { redis: ['hotCopy'] }),
  registry('near copy', 'device', { revocation: { nearCopy: { over: 'database' } } }),
  registry('denylist in the database', 'device', { revocation: { check: 'denylist', denylist: 'database' } }),
  registry('denylist in memory', 'device', { revocation: { check: 'denylist', denylist: 'memory' } }),
  registry('denylist in Redis', 'device', { revocation: { check: 'denylist' } }, { redis: ['denylist'] }),
  registry('validTokenFrom', 'all', { revocation: { check: 'validTokenFrom' } }),
  registry('expiry', 'nothing', { revocation: { check: 'expiry' } }),
  registry('expiry, Fastify', 'nothing', { revocation: { check: 'expiry' } }, { adapter: 'fastify' }),
];

/** This library on every database and adapter, beside what else a Nest app can use. */
export const PEERS: readonly Contender[] = [...NO_GUARD, ...OURS, ...STATELESS, ...OTHERS];
