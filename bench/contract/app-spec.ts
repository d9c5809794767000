import type { DataSourceOptions } from 'typeorm';
import type { ProcessRedis } from '../../test/support/process/process-redis.js';
import type { ServerUrls } from '../machine/servers.js';

/** The apps there are: a file of that name each, in `apps` or among the peers. */
export type AppKind =
  | 'no-guard'
  | 'stateless'
  | 'find-one'
  | 'registry'
  | 'registry-on-pool'
  | 'grown'
  | 'express-session'
  | 'better-auth';

/** What Nest stands on. */
export type Adapter = 'express' | 'fastify';

/** What an app process is told at its start. */
export interface AppSpec {
  app: AppKind;
  adapter: Adapter;
  database?: DataSourceOptions | undefined;
  /** Where the servers are, for an app that connects to one by itself. */
  servers: ServerUrls;
  options: object;
  /** What it uses Redis for. */
  redis?: ProcessRedis['uses'] | undefined;
}

/**
 * What an app process can be asked: to sign users in, some at once, how much CPU time it has used, in microseconds, or to
 * purge, which it answers with the number of rows deleted; it goes on answering meanwhile.
 */
export type AppQuestion =
  | { signIn: readonly string[]; aged?: boolean; atOnce?: number }
  | { cpu: true }
  | { purge: true };

/** The header a device shows that it is signed in by: `authorization` or `cookie`. */
export type Credentials = Readonly<Record<string, string>>;

/** A session of a user. */
export interface SignedIn {
  userId: string;
  credentials: Credentials;
}

/** The bearer token of a session. */
export function tokenOf({ credentials }: SignedIn): string {
  return String(credentials.authorization).slice('Bearer '.length);
}
