import { SystemClock } from '../clock.js';
import { ConfigurationError } from '../errors.js';
import type { AuthModuleOptions, PurgeOptions } from './auth-module-options.js';
import { parseDuration } from './duration.js';
import type { PurgeSchedule, ResolvedAuthOptions, SessionLimits, TokenOptions } from './resolved-auth-options.js';

const KNOWN: Record<keyof AuthModuleOptions, true> = {
  secret: true,
  users: true,
  database: true,
  migrate: true,
  storeTimeout: true,
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
  checkUser: true,
  claims: true,
  purge: true,
  clock: true,
};
const KNOWN_PURGE: Record<keyof PurgeOptions, true> = { every: true, batch: true, retention: true };
const MIN_SECRET_BYTES = 32;
/** A statement takes a value for each row of a batch, and databases bound their number. */
const MAX_PURGE_BATCH = 10_000;
const DEFAULT_ISSUER = 'nestjs-session-registry';
const DEFAULT_REFRESH_TTL = parseDuration('refreshTtl', '30d');
const MAX_REUSE_INTERVAL = parseDuration('reuseInterval', '60s');

/** Checks the options, fills in every default and freezes the result. Throws ConfigurationError. */
export function resolveOptions(given: AuthModuleOptions): ResolvedAuthOptions {
  refuseUnknown('', given, KNOWN);
  const sessions = resolveSessions(given);
  const tokens = resolveTokens(given, sessions);
  refuseContradictions(given, tokens, sessions);
  return Object.freeze({
    clock: given.clock ?? new SystemClock(),
    tokens,
    sessions,
    purge: resolvePurge(given.purge),
    checkUser: oneOf('checkUser', given.checkUser ?? 'renewal', ['renewal', 'request']),
    users: given.users,
    claims: given.claims,
    database: given.database,
    migrate: given.migrate,
    storeTimeout: positive('storeTimeout', given.storeTimeout ?? '2s'),
  });
}

function resolveSessions(given: AuthModuleOptions): SessionLimits {
  const { absoluteTimeout, idleTimeout = null, maxSessions = null } = given;
  return Object.freeze({
    absoluteTimeout: positive('absoluteTimeout', absoluteTimeout ?? given.refreshTtl ?? DEFAULT_REFRESH_TTL),
    idleTimeout: idleTimeout === null ? null : positive('idleTimeout', idleTimeout),
    reuseInterval: parseDuration('reuseInterval', given.reuseInterval ?? '10s'),
    touchInterval: parseDuration('touchInterval', given.touchInterval ?? '60s'),
    maxSessions: maxSessions === null ? null : count('maxSessions', maxSessions),
    whenFull: oneOf('whenFull', given.whenFull ?? 'evict', ['evict', 'reject']),
  });
}

function resolveTokens(given: AuthModuleOptions, { absoluteTimeout }: SessionLimits): TokenOptions {
  const issuer = text('issuer', given.issuer ?? DEFAULT_ISSUER);
  return Object.freeze({
    secret: readSecret(given.secret),
    issuer,
    audience: text('audience', given.audience ?? issuer),
    accessTtl: wholeSeconds('accessTtl', given.accessTtl ?? '5m'),
    refreshTtl: positive('refreshTtl', given.refreshTtl ?? Math.min(DEFAULT_REFRESH_TTL, absoluteTimeout)),
  });
}

function resolvePurge(given: AuthModuleOptions['purge'] = {}): PurgeSchedule {
  const { every = '10m', batch = 1000, retention = '30d' } = given === false ? {} : given;
  if (given !== false) refuseUnknown('purge.', given, KNOWN_PURGE);
  return Object.freeze({
    every: given === false ? null : positive('purge.every', every),
    batch: count('purge.batch', batch, MAX_PURGE_BATCH),
    retention: parseDuration('purge.retention', retention),
  });
}

function refuseContradictions(given: AuthModuleOptions, tokens: TokenOptions, sessions: SessionLimits): void {
  const { absoluteTimeout, idleTimeout, reuseInterval, touchInterval } = sessions;
  const rules: [boolean, string, string, string][] = [
    [tokens.accessTtl > tokens.refreshTtl, 'accessTtl', 'it outlives `refreshTtl`', 'Make it shorter'],
    [
      tokens.refreshTtl > absoluteTimeout,
      'refreshTtl',
      'it outlives `absoluteTimeout`',
      'Make it shorter, or that longer',
    ],
    [(idleTimeout ?? 0) > absoluteTimeout, 'idleTimeout', 'it outlives `absoluteTimeout`', 'Make it shorter'],
    [
      idleTimeout !== null && idleTimeout <= touchInterval,
      'idleTimeout',
      'it is not longer than `touchInterval`, so an active session could count as idle',
      'Make it longer, or `touchInterval` shorter',
    ],
    [reuseInterval > MAX_REUSE_INTERVAL, 'reuseInterval', 'it is longer than a minute', "Use '60s' or less"],
    [
      given.checkUser === 'request' && !given.users,
      'checkUser',
      "'request' asks `users.isActive`, and there is no `users`",
      'Give `users`, or leave `checkUser` out',
    ],
  ];
  for (const [broken, option, problem, mend] of rules) {
    if (broken) throw new ConfigurationError(option, problem, mend);
  }
}

function refuseUnknown(prefix: string, given: object, known: Record<string, true>): void {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(known, name)) continue;
    const names = Object.keys(known).join(', ');
    throw new ConfigurationError(prefix + name, 'there is no such option', `Known are: ${names}`);
  }
}

function readSecret(given: unknown): Buffer {
  const mend = `Give at least ${MIN_SECRET_BYTES} random bytes, for example of \`openssl rand -base64 48\``;
  if (typeof given !== 'string' && !Buffer.isBuffer(given))
    throw new ConfigurationError('secret', 'it is missing', mend);
  const secret = Buffer.from(given as string);
  if (secret.length >= MIN_SECRET_BYTES) return secret;
  throw new ConfigurationError('secret', `it has ${secret.length} bytes, too few to resist guessing`, mend);
}

function positive(option: string, given: unknown): number {
  const milliseconds = parseDuration(option, given);
  if (milliseconds > 0) return milliseconds;
  throw new ConfigurationError(option, 'it is zero', 'Give a length of time');
}

function wholeSeconds(option: string, given: unknown): number {
  const milliseconds = positive(option, given);
  if (milliseconds % 1000 === 0) return milliseconds;
  throw new ConfigurationError(option, 'tokens count in whole seconds', "Give whole seconds, such as '5m'");
}

function count(option: string, given: unknown, most = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(given) && (given as number) > 0 && (given as number) <= most) return given as number;
  throw new ConfigurationError(option, `${String(given)} is no count`, `Give a whole number from 1 to ${most}`);
}

function text(option: string, given: unknown): string {
  if (typeof given === 'string' && given !== '') return given;
  throw new ConfigurationError(option, 'it is not a text, or an empty one', 'Give a name or a URL');
}

function oneOf<T extends string>(option: string, given: T, allowed: readonly T[]): T {
  if (allowed.includes(given)) return given;
  throw new ConfigurationError(option, `'${String(given)}' is not one of its values`, `Use ${allowed.join(' or ')}`);
}
