import type { DatabaseKind } from '../../test/support/databases.js';
import type { ProcessRedis } from '../../test/support/process/process-redis.js';
import type { AppKind } from '../apps/app-spec.js';
import type { ServerKind } from '../machine/servers.js';

/** What a check promises to refuse at once: a signed-out device, what "all" ended, or nothing. */
export type Refuses = 'device' | 'all' | 'nothing';

/** One app of the bench: what it is called, what it runs, what it needs and what it promises. */
export interface Contender {
  /** For `--only`, and in the JSON. */
  id: string;
  title: string;
  app: AppKind;
  /** An empty database of its own is made for each start. */
  database?: DatabaseKind | undefined;
  /** Servers besides that of the database. */
  servers: readonly ServerKind[];
  /** Options of the app, as JSON can carry them. */
  options: object;
  refuses: Refuses;
  /** What it uses Redis for. */
  redis?: ProcessRedis['uses'] | undefined;
}

/** What a contender of this library may say besides its options. */
export interface RegistryNeeds {
  database?: DatabaseKind;
  redis?: ProcessRedis['uses'];
}

/** An app without a session of its own; `options` are those of its file in `bench/apps`. */
export function peer(id: string, title: string, app: AppKind, options: object = {}): Contender {
  return { id, title, app, servers: [], options, refuses: 'nothing' };
}

/** An app with this library: PostgreSQL unless told otherwise, everything on, and the options given. */
export function registry(
  title: string,
  refuses: Refuses,
  options: object,
  { database = 'postgres', redis }: RegistryNeeds = {},
): Contender {
  const servers: ServerKind[] = redis ? ['redis'] : [];
  return { id: slugOf(title), title, app: 'registry', database, servers, options, refuses, redis };
}

/** The servers a list of contenders needs. */
export function serversOf(contenders: readonly Contender[]): Set<ServerKind> {
  return new Set(
    contenders.flatMap(({ database, servers }) => [
      ...servers,
      ...(database === undefined || database === 'sqlite' ? [] : [database]),
    ]),
  );
}

function slugOf(title: string): string {
  return title.replaceAll(/\W+/g, '-').replaceAll(/^-|-$/g, '');
}
