import { SystemClock } from '../clock.js';
import type { AuthModuleOptions } from './auth-module-options.js';
import type { PurgeOptions } from './purge-options.js';
import { refuseContradictions } from './contradictions.js';
import { parseDuration } from './duration.js';
import { readKeys } from './keys/read-keys.js';
import { count, flag, oneOf, positive, refuseUnknown, text, timer, wholeSeconds } from './option-readers.js';
import { resolveRevocation } from './resolve-revocation.js';
import { resolveSuspicion } from './resolve-suspicion.js';
import { resolveTransport } from './resolve-transport.js';
import type { PurgeSchedule, ResolvedAuthOptions, SessionLimits, TokenOptions } from './resolved-auth-options.js';

const KNOWN: Record<keyof AuthModuleOptions, true> = {
  secret: true,
  keys: true,
  users: true,
  database: true,
  migrate: true,
  storeTimeout: true,
  shutdownTimeout: true,
  issuer: true,
  audience: true,
  accessTtl: true,
  refreshTtl: true,
  absoluteTimeout: true,
  idleTimeout: true,
  reuseInterval: true,
  touchInterval: true,
  maxSessions: true,
  whenFull: true,
  revocation: true,
  checkUser: true,
  transport: true,
  cookies: true,
  claims: true,
  recordIp: true,
  recordUserAgent: true,
  suspicion: true,
  purge: true,
  clock: true,
};
const KNOWN_PURGE: Record<keyof PurgeOptions, true> = { every: true, batch: true, retention: true };
/** A statement takes a value for each row of a batch, and databases bound their number. */
const MAX_PURGE_BATCH = 10_000;
const DEFAULT_ISSUER = 'nestjs-session-registry';
const DEFAULT_ACCESS_TTL = parseDuration('accessTtl', '5m');
const DEFAULT_REFRESH_TTL = parseDuration('refreshTtl', '30d');

/** Checks the options, fills in every default and freezes the result. Throws ConfigurationError. */
export function resolveOptions(given: AuthModuleOptions): ResolvedAuthOptions {
  refuseUnknown('', given, KNOWN);
  const sessions = resolveSessions(given);
  const tokens = resolveTokens(given, sessions);
  refuseContradictions(given, tokens, sessions);
  const record = Object.freeze({
    ip: flag('recordIp', given.recordIp ?? true),
    userAgent: flag('recordUserAgent', given.recordUserAgent ?? true),
  });
  return Object.freeze({
    clock: given.clock ?? new SystemClock(),
    tokens,
    sessions,
    purge: resolvePurge(given.purge),
    record,
    suspicion: resolveSuspicion(given.suspicion, record),
    revocation: resolveRevocation(given.revocation),
    checkUser: oneOf('checkUser', given.checkUser ?? 'renewal', ['renewal', 'request']),
    transport: resolveTransport(given),
    users: given.users,
    claims: given.claims,
    database: given.database,
    migrate: given.migrate,
    storeTimeout: timer('storeTimeout', given.storeTimeout ?? '2s'),
    shutdownTimeout: timer('shutdownTimeout', given.shutdownTimeout ?? '5s'),
  });
}

function resolveSessions(given: AuthModuleOptions): SessionLimits {
  const { absoluteTimeout, idleTimeout = null, maxSessions = null } = given;
  const refreshTtl = positive('refreshTtl', given.refreshTtl ?? DEFAULT_REFRESH_TTL);
  return Object.freeze({
    absoluteTimeout: positive('absoluteTimeout', absoluteTimeout ?? refreshTtl),
    idleTimeout: idleTimeout === null ? null : positive('idleTimeout', idleTimeout),
    reuseInterval: parseDuration('reuseInterval', given.reuseInterval ?? '10s'),
    touchInterval: parseDuration('touchInterval', given.touchInterval ?? '60s'),
    maxSessions: maxSessions === null ? null : count('maxSessions', maxSessions),
    whenFull: oneOf('whenFull', given.whenFull ?? 'evict', ['evict', 'reject']),
  });
}

function resolveTokens(given: AuthModuleOptions, { absoluteTimeout }: SessionLimits): TokenOptions {
  const refreshTtl = positive('refreshTtl', given.refreshTtl ?? Math.min(DEFAULT_REFRESH_TTL, absoluteTimeout));
  const issuer = text('issuer', given.issuer ?? DEFAULT_ISSUER);
  return Object.freeze({
    keys: readKeys(given),
    issuer,
    audience: text('audience', given.audience ?? issuer),
    accessTtl: wholeSeconds('accessTtl', given.accessTtl ?? wholeSecondsOf(Math.min(DEFAULT_ACCESS_TTL, refreshTtl))),
    refreshTtl,
  });
}

function resolvePurge(given: AuthModuleOptions['purge'] = {}): PurgeSchedule {
  if (given !== false) refuseUnknown('purge.', given, KNOWN_PURGE);
  const { every = '10m', batch = 1000, retention = '30d' } = given === false ? {} : given;
  return Object.freeze({
    every: given === false ? null : timer('purge.every', every),
    batch: count('purge.batch', batch, MAX_PURGE_BATCH),
    retention: parseDuration('purge.retention', retention),
  });
}

function wholeSecondsOf(milliseconds: number): number {
  return Math.max(1, Math.floor(milliseconds / 1000)) * 1000;
}
