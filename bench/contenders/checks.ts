import type { Baselines } from './baselines.js';
import { type Contender, peer, registry } from './contender.js';

/** The baselines of all others: the route without a guard, and the fastest possible stateless guard. */
export const BASELINES: Baselines = {
  express: { open: 'no-guard', stateless: 'stateless-key-object' },
  fastify: { open: 'no-guard-fastify', stateless: 'stateless-key-object-fastify' },
};

/** Each check of this library, next to the usual stateless guard. */
export const CHECKS: readonly Contender[] = [
  peer('no-guard', 'no guard', 'no-guard'),
  peer('stateless-string', "stateless, `AuthGuard('jwt')`, secret as a string", 'stateless', { key: 'string' }),
  peer('stateless-key-object', 'stateless, passport-jwt with a KeyObject', 'stateless', { key: 'KeyObject' }),
  registry('`session`', 'device', { revocation: { check: 'session' } }),
  registry('`session`, hot copy in Redis', 'device', {}, { redis: ['hotCopy'] }),
  registry('`session`, near copy over PostgreSQL', 'device', { revocation: { nearCopy: { over: 'database' } } }),
  registry('`session`, near copy over Redis', 'device', {}, { redis: ['nearCopy'] }),
  registry('`denylist` in the database', 'device', { revocation: { check: 'denylist', denylist: 'database' } }),
  registry('`denylist` in Redis', 'device', { revocation: { check: 'denylist' } }, { redis: ['denylist'] }),
  registry('`denylist` in memory', 'device', { revocation: { check: 'denylist', denylist: 'memory' } }),
  registry('`validTokenFrom`', 'all', { revocation: { check: 'validTokenFrom' } }),
  registry('`expiry`', 'nothing', { revocation: { check: 'expiry' } }),
];

/** The checks whose sign-outs are timed over several processes, by their ids. */
export const TIMED: readonly string[] = [
  'session',
  'session-hot-copy-in-Redis',
  'session-near-copy-over-PostgreSQL',
  'session-near-copy-over-Redis',
];
