import { readFileSync } from 'node:fs';
import { NODES, NODES_WITH_SQLITE, type NodeVersion } from './nodes.js';

/** What an app keeps sessions with: a package, or a part of Node. */
export type Driver = '@prisma/client' | 'drizzle-orm' | 'mysql2' | 'node:sqlite' | 'pg' | 'typeorm' | 'typeorm-0.3';

/** An app in which the packed library runs: one line of the table in `docs/compatibility.md`. */
export interface AppRow {
  readonly app: string;
  /** The folder of its sources, in `test/outside`. */
  readonly sources: string;
  readonly nest: 11 | 12;
  readonly type: 'commonjs' | 'module';
  readonly nodes: readonly NodeVersion[];
  readonly http?: 'Express' | 'Fastify';
  readonly runner?: 'jest' | 'node:test' | 'vitest';
  /** With these, and otherwise in memory. */
  readonly drivers: readonly Driver[];
}

const [OLDEST] = NODES;

/** All apps. The specs take from here what they run, so the table cannot say more. */
export const APPS = {
  nest11: {
    ...{ app: '`nest new` of Nest 11', sources: 'nest-11-app', nest: 11, type: 'commonjs', nodes: NODES },
    ...{ http: 'Express', runner: 'jest', drivers: ['pg', 'mysql2', 'typeorm'] },
  },
  nest12: {
    ...{ app: '`nest new` of Nest 12', sources: 'nest-12-app', nest: 12, type: 'module', nodes: NODES },
    ...{ http: 'Fastify', runner: 'vitest', drivers: ['mysql2'] },
  },
  ownStore: {
    ...{ app: 'with its own store and check', sources: 'own-store-app', nest: 12, type: 'module', nodes: [OLDEST] },
    ...{ http: 'Express', runner: 'node:test', drivers: [] },
  },
  typeorm: {
    ...{ app: 'with a `DataSource` and its CLI', sources: 'typeorm-app', nest: 12, type: 'commonjs', nodes: [OLDEST] },
    ...{ http: 'Express', drivers: ['pg', 'typeorm-0.3'] },
  },
  drizzle: {
    ...{ app: 'with Drizzle', sources: 'drizzle-app', nest: 12, type: 'module', nodes: [OLDEST] },
    ...{ http: 'Express', drivers: ['pg', 'drizzle-orm'] },
  },
  prisma: {
    ...{ app: 'with Prisma', sources: 'prisma-app', nest: 12, type: 'module', nodes: [OLDEST] },
    ...{ http: 'Express', drivers: ['pg', '@prisma/client'] },
  },
  nodeSqlite: {
    ...{ app: 'without a driver', sources: 'node-sqlite-app', nest: 12, type: 'module', nodes: NODES_WITH_SQLITE },
    ...{ runner: 'node:test', drivers: ['node:sqlite'] },
  },
} as const satisfies Record<string, AppRow>;

/** The imports of the library, each with the name by which an app imports it. */
export const IMPORTS: readonly string[] = Object.keys(
  (JSON.parse(readFileSync('package.json', 'utf8')) as { exports: object }).exports,
)
  .filter((path) => path !== './package.json')
  .map((path) => `nestjs-session-registry${path.slice(1)}`);
