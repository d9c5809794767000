import type { NodeSqlite } from '../connections/node-sqlite.js';
import type { CallbackPool } from '../connections/mysql.pool.js';
import type { ListeningPool } from '../connections/postgres.feed.js';
import type { PgPool } from '../connections/postgres.pool.js';
import type { SqliteConnection } from '../connections/sqlite-statements.js';

/** A `Pool` of `pg`. */
export type AppPgPool = PgPool & ListeningPool & IdleErrors;

/** How a `Pool` of `pg` tells that an idle connection broke; without a listener, that ends the process. */
interface IdleErrors {
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
}

/** A pool of `mysql2`, as `createPool` makes it. */
export interface AppMysqlPool extends CallbackPool {
  readonly config?: { readonly connectionLimit?: number | undefined } | undefined;
}

/** A pool of `mysql2/promise`. */
export interface AppMysqlPromisePool {
  readonly pool: AppMysqlPool;
}

/** A `Database` of `better-sqlite3`. */
export interface AppSqlite extends SqliteConnection {
  close(): unknown;
}

/** A `DatabaseSync` of `node:sqlite`; before Node 22.16 some members are missing. */
export type AppNodeSqlite = NodeSqlite;

/** A pool or a connection that the app has anyway, without TypeORM. */
export type AppPool = AppPgPool | AppMysqlPool | AppMysqlPromisePool | AppSqlite | AppNodeSqlite;

/** What an app has of its driver. */
export type PoolKind = 'postgres' | 'mysql' | 'mysql promises' | 'sqlite' | 'sqlite of node';

/** The kind of a pool, recognized by what it can do: a class may come from another copy of its package. */
export function kindOfPool(given: unknown): PoolKind | undefined {
  if (can(given, 'prepare', 'pragma', 'exec')) return 'sqlite';
  if (can(given, 'prepare', 'exec', 'open')) return 'sqlite of node';
  if (can(given, 'connect', 'query', 'Client')) return 'postgres';
  if (!can(given, 'getConnection', 'query')) return undefined;
  return can(memberOf(given, 'pool'), 'getConnection') ? 'mysql promises' : 'mysql';
}

function can(given: unknown, ...names: readonly string[]): boolean {
  return names.every((name) => typeof memberOf(given, name) === 'function');
}

function memberOf(given: unknown, name: string): unknown {
  return typeof given === 'object' && given !== null ? (given as Record<string, unknown>)[name] : undefined;
}
