import { randomBytes } from 'node:crypto';
import type { Duration } from 'nestjs-session-registry';
import { type DatabaseAddress, parseDatabaseUrl } from './database-url.js';
import { EnvironmentError } from './environment-error.js';
import { type Secret, storedSecret } from './secret.js';
import { parseTrustProxy, type TrustProxy } from './trust-proxy.js';

/** The HTTP frameworks the app runs on. */
export type AdapterName = 'express' | 'fastify';

/** What the environment says, checked; the one reader of its variables. Throws EnvironmentError. */
export class Environment {
  readonly port: number;
  readonly host: string;
  readonly adapter: AdapterName;
  readonly trustProxy: TrustProxy;
  readonly database: DatabaseAddress;
  readonly accessTtl: Duration;
  readonly refreshTtl: Duration;
  readonly reuseInterval: Duration;
  readonly redisUrl: string | undefined;
  readonly secret: Secret;

  constructor(variables: NodeJS.ProcessEnv) {
    // An empty variable counts as unset: that is what `PORT=` in an env file means.
    const read = (name: string) => variables[name]?.trim() || undefined;
    this.port = portOf(read('PORT') ?? '3000');
    this.host = read('HOST') ?? '127.0.0.1';
    this.adapter = adapterOf(read('HTTP_ADAPTER') ?? 'express');
    this.trustProxy = parseTrustProxy(read('TRUST_PROXY'));
    this.database = parseDatabaseUrl(read('DATABASE_URL') ?? 'sqlite:example.sqlite');
    this.accessTtl = durationOf('ACCESS_TTL', read('ACCESS_TTL') ?? '5m');
    this.refreshTtl = durationOf('REFRESH_TTL', read('REFRESH_TTL') ?? '30d');
    this.reuseInterval = durationOf('REUSE_INTERVAL', read('REUSE_INTERVAL') ?? '10s');
    this.redisUrl = read('REDIS_URL');
    this.secret = secretOf(read('AUTH_SECRET'), this.database);
  }
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new EnvironmentError('PORT', `'${text}' is no port`, 'Write a number from 0 to 65535; 0 takes any free one');
}

function adapterOf(text: string): AdapterName {
  if (text === 'express' || text === 'fastify') return text;
  throw new EnvironmentError('HTTP_ADAPTER', `'${text}' is not known`, 'Write express or fastify');
}

function durationOf(name: string, text: string): Duration {
  if (/^\d{1,9}(?:ms|s|m|h|d)$/.test(text)) return text as Duration;
  throw new EnvironmentError(name, `'${text}' is no length of time`, 'Write a number with a unit: 10s, 5m, 12h or 30d');
}

function secretOf(given: string | undefined, { options, file }: DatabaseAddress): Secret {
  if (given !== undefined) return { value: given };
  if (options.database === ':memory:') return { value: randomBytes(48).toString('base64') };
  return storedSecret(`${file ?? 'example'}.secret`);
}
