import type { DatabaseKind } from '../../test/support/databases.js';
import type { ProcessRedis } from '../../test/support/process/process-redis.js';
import type { Adapter, AppKind } from '../contract/app-spec.js';
import type { ServerKind } from '../machine/servers.js';

/** What is refused at once: a signed-out device, what "all" ended, or nothing. */
export type Refuses = 'device' | 'all' | 'nothing';

/** One app of the bench: what it is called, what it runs, what it needs and what it promises. */
export interface Contender {
  /** For `--only`, and in the JSON. */
  id: string;
  title: string;
  app: AppKind;
  adapter: Adapter;
  /** An empty database of its own is made for each start. */
  database?: DatabaseKind | undefined;
  /** Servers besides that of the database. */
  servers: readonly ServerKind[];
  /** Options of the app, as JSON can carry them. */
  options: object;
  refuses: Refuses;
  /** Method and path of its sign-out; undefined where it has none. */
  signOut?: string | undefined;
  /** What it uses Redis for. */
  redis?: ProcessRedis['uses'] | undefined;
}

/** What a contender may define besides its name and its options. */
export interface Needs {
  adapter?: Adapter;
  database?: DatabaseKind | undefined;
  servers?: readonly ServerKind[];
  redis?: ProcessRedis['uses'];
  refuses?: Refuses;
  signOut?: string;
}

/** An app without this library; `options` are those of its file. */
export function peer(id: string, title: string, app: AppKind, options: object = {}, needs: Needs = {}): Contender {
  return { id, title, app, adapter: 'express', servers: [], refuses: 'nothing', ...needs, options };
}

/** An app with this library: PostgreSQL unless told otherwise, everything on, and the options given. */
export function registry(title: string, refuses: Refuses, options: object, needs: Needs = {}): Contender {
  const { adapter = 'express', database = 'postgres', redis } = needs;
  const servers: ServerKind[] = redis ? ['redis'] : [];
  const signOut = refuses === 'all' ? 'DELETE /sessions' : 'POST /auth/logout';
  const app = 'registry';
  return { id: slugOf(title), title, app, adapter, database, servers, options, refuses, signOut, redis };
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
