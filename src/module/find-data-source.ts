import { Inject, type InjectionToken } from '@nestjs/common';
import type { ModuleRef, ModulesContainer } from '@nestjs/core';
import type { DataSource } from 'typeorm';
import { ConfigurationError } from '../errors.js';
import { isDataSource } from '../storage/typeorm/driver-parts.js';

/** The name of the DataSource that has none, as TypeORM calls it. */
const DEFAULT = 'default';
/** The token of a DataSource with a name, as `@nestjs/typeorm` makes it. */
const NAMED = /^(.+)DataSource$/;

/**
 * The DataSource with this name among those that the app provides globally; without a name the default one, or the only one.
 * Undefined if there is none. Throws ConfigurationError if it is not clear which one is meant.
 */
export async function findDataSource(
  moduleRef: ModuleRef,
  modules: ModulesContainer,
  name: string | undefined,
): Promise<DataSource | undefined> {
  const tokens = tokensIn(modules);
  const chosen = await dataSourceAt(moduleRef, tokens.get(name ?? DEFAULT));
  if (chosen) return chosen;
  const found = new Map<string, DataSource>();
  for (const [known, token] of tokens) {
    const dataSource = await dataSourceAt(moduleRef, token);
    if (dataSource) found.set(known, dataSource);
  }
  if (name !== undefined) throw unknown(name, [...found.keys()]);
  if (found.size > 1) throw unclear([...found.keys()]);
  return [...found.values()][0];
}

/** What may be the token of a DataSource, by its name. */
function tokensIn(modules: ModulesContainer): ReadonlyMap<string, InjectionToken> {
  const tokens = [...modules.values()].flatMap(({ providers }) => [...providers.keys()]);
  return new Map(
    tokens.flatMap((token) => {
      const name = nameIn(token);
      return name === undefined ? [] : [[name, token] as const];
    }),
  );
}

/** The class is recognized by its name: it may be that of another copy of TypeORM. */
function nameIn(token: InjectionToken): string | undefined {
  if (typeof token === 'function') return token.name === 'DataSource' ? DEFAULT : undefined;
  return typeof token === 'string' ? NAMED.exec(token)?.[1] : undefined;
}

/** Undefined if nothing of this module can inject it, or if it is something else that has such a name. */
async function dataSourceAt(moduleRef: ModuleRef, token: InjectionToken | undefined): Promise<DataSource | undefined> {
  if (token === undefined) return undefined;
  class Holder {
    constructor(readonly held: unknown) {}
  }
  Inject(token)(Holder, undefined, 0);
  // Nest waits until it is connected.
  const holder = await moduleRef.create(Holder).catch(() => undefined);
  return isDataSource(holder?.held) ? holder.held : undefined;
}

function unknown(name: string, names: readonly string[]): ConfigurationError {
  const problem = `the app provides no DataSource with the name '${name}'`;
  return new ConfigurationError(
    'dataSource',
    problem,
    names.length > 0 ? `There is ${listed(names)}` : 'Give `database`',
  );
}

function unclear(names: readonly string[]): ConfigurationError {
  const problem = `the app provides several DataSources, ${listed(names)}, and none without a name`;
  return new ConfigurationError('dataSource', problem, 'Name the one that keeps the sessions, or give `database`');
}

function listed(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
