import { ConfigurationError } from 'nestjs-session-registry';
import type { Environment } from './environment/environment.js';
import { EnvironmentError } from './environment/environment-error.js';
import { DEMO } from './users/demo-account.js';

/** The variables behind the options of AuthModule, for a refusal in the words of the environment. */
const VARIABLES: Readonly<Record<string, string>> = {
  secret: 'AUTH_SECRET',
  database: 'DATABASE_URL',
  accessTtl: 'ACCESS_TTL',
  refreshTtl: 'REFRESH_TTL',
  absoluteTimeout: 'REFRESH_TTL',
  reuseInterval: 'REUSE_INTERVAL',
  'SessionRedis.url': 'REDIS_URL',
};

/** What is said once the app listens at `url`. */
export function greeting({ adapter, database, secret, redisUrl }: Environment, url: string): string {
  const lines = [
    '',
    `  Your devices   ${url}  (${adapter})`,
    `  Demo account   ${DEMO.username} / ${DEMO.password}`,
    `  Database       ${database.shown}`,
  ];
  if (secret.file) lines.push(`  Secret         AUTH_SECRET is not set, so one is kept in ${secret.file}`);
  if (redisUrl) lines.push('  Redis          holds copies of sessions, for the guard to read');
  return [...lines, ''].join('\n');
}

/** Why the app does not start: a sentence for what its operator can mend, the whole error for anything else. */
export function refusal(error: unknown): unknown {
  if (error instanceof EnvironmentError) return `Cannot start. ${error.message}`;
  if (error instanceof ConfigurationError) {
    const variable = VARIABLES[error.option];
    return `Cannot start. ${variable ? `${variable}: ` : ''}${error.message}`;
  }
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return 'Cannot start. PORT: another program listens there already. Write another number, or 0 for any free one.';
  }
  return error;
}
