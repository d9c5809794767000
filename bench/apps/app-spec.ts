import type { DataSourceOptions } from 'typeorm';
import type { ProcessRedis } from '../../test/support/process/process-redis.js';
import type { ServerUrls } from '../machine/servers.js';

/** The apps there are: a file of that name in this folder each. */
export type AppKind = 'no-guard' | 'stateless' | 'registry';

/** What an app process is told at its start. */
export interface AppSpec {
  app: AppKind;
  database?: DataSourceOptions | undefined;
  /** Where the servers are, for an app that connects to one by itself. */
  servers: ServerUrls;
  options: object;
  /** What it uses Redis for. */
  redis?: ProcessRedis['uses'] | undefined;
}

/** What an app process can be asked: to sign users in, or how much CPU time it has used, in microseconds. */
export type AppQuestion = { signIn: readonly string[]; aged?: boolean } | { cpu: true };

/** A session of a user: the token of its device. */
export interface SignedIn {
  userId: string;
  token: string;
}
