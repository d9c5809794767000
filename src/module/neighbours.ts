import { inspect, isDeepStrictEqual } from 'node:util';
import type { ModulesContainer } from '@nestjs/core';
import { ConfigurationError } from '../errors.js';
import { isSameKey } from '../options/keys/read-keys.js';
import { tablesIn } from '../options/realm-defaults.js';
import type { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
import type { TokenOptions } from '../options/token-options.js';
import { AUTH_MODULE_EXTRAS, type AuthModuleExtras, mountedControllers, pathOf } from './definition.js';

/** A module of an app, as far as others must not share what is its own. */
interface Neighbour {
  readonly options: ResolvedAuthOptions;
  readonly extras: AuthModuleExtras;
}

const neighbours = new WeakMap<ModulesContainer, Neighbour[]>();

/** Refuses a second module of the app with the same name, or with routes in the same place. Throws ConfigurationError. */
export function refuseTwins(modules: ModulesContainer, own: AuthModuleExtras): void {
  const others = extrasIn(modules).filter((extras) => extras !== own);
  if (others.some(({ realm }) => realm === own.realm)) throw twins(own.realm);
  const twin = others.find((extras) => pathOf(extras) === pathOf(own) && mountsOneOf(extras, own));
  if (!twin) return;
  const problem = `${called(own.realm)} and ${called(twin.realm)} have the same routes, below '/${pathOf(own)}'`;
  throw new ConfigurationError('prefix', problem, 'Give each a `prefix` of its own, or leave it out of a realm');
}

/** Refuses a module that would take another one's tokens, or keep its sessions in the same tables. Throws ConfigurationError. */
export function refuseShared(modules: ModulesContainer, options: ResolvedAuthOptions, extras: AuthModuleExtras): void {
  const known = neighbours.get(modules) ?? [];
  for (const other of known) {
    const both = `${called(options.realm)} and ${called(other.options.realm)}`;
    if (acceptsTokensOf(options.tokens, other.options.tokens)) {
      const mend = 'Give each its own `issuer`, `audience` or keys, or leave `issuer` out of a realm';
      throw new ConfigurationError('issuer', `${both} would accept each other's access tokens`, mend);
    }
    if (keepsWhere({ options, extras }, other)) {
      const mend = 'Give each its own `tables.prefix`, database or store, or leave `tables` out of a realm';
      throw new ConfigurationError('tables', `${both} would keep their sessions in the same tables`, mend);
    }
  }
  neighbours.set(modules, [...known, { options, extras }]);
}

/** Whether the app has only one module of this library. */
export function isAlone(modules: ModulesContainer): boolean {
  return extrasIn(modules).length === 1;
}

/** The extras of every module of this library in the app; the same dynamic module in two places is one. */
function extrasIn(modules: ModulesContainer): AuthModuleExtras[] {
  return [...modules.values()].flatMap(({ providers }) => {
    const found = providers.get(AUTH_MODULE_EXTRAS);
    return found ? [found.instance as AuthModuleExtras] : [];
  });
}

function mountsOneOf(one: AuthModuleExtras, other: AuthModuleExtras): boolean {
  const mounted = mountedControllers(other);
  return mountedControllers(one).some((name) => mounted.includes(name));
}

/** Keys that are derived from a secret differ from realm to realm; a pair of keys is the same wherever it is given. */
function acceptsTokensOf(one: TokenOptions, other: TokenOptions): boolean {
  if (one.issuer !== other.issuer || one.audience !== other.audience) return false;
  return one.keys.some((key) => !('secret' in key) && other.keys.some((known) => isSameKey(key, known)));
}

function keepsWhere(one: Neighbour, other: Neighbour): boolean {
  if (one.extras.store || other.extras.store) return one.extras.store === other.extras.store;
  const [{ storage }, { storage: theirs }] = [one.options, other.options];
  const isSameDatabase =
    storage.dataSource === theirs.dataSource &&
    (storage.database === theirs.database || isDeepStrictEqual(plain(storage.database), plain(theirs.database)));
  const [tables, theirTables] = [one, other].map(({ options }) => tablesIn(options.realm, options.storage.tables));
  return isSameDatabase && isDeepStrictEqual({ ...tables }, { ...theirTables });
}

/** Only options are compared by what they say: a pool or a DataSource is the same, or it is not. */
function plain(database: unknown): unknown {
  const isPlain =
    typeof database === 'object' && database !== null && Object.getPrototypeOf(database) === Object.prototype;
  return isPlain ? database : { only: database };
}

function called(realm: string | undefined): string {
  return realm === undefined ? 'the module without a name' : `the realm ${inspect(realm)}`;
}

function twins(realm: string | undefined): ConfigurationError {
  if (realm !== undefined) {
    const problem = `two modules of this app have the name ${inspect(realm)}`;
    return new ConfigurationError('realm', problem, 'Give each its own name, or import the same module twice');
  }
  const problem = 'two modules of this app have none, so nobody could tell their routes, guards and services apart';
  const mend =
    "Name one of them, such as `realm: 'admin'`. If you mean one, call `AuthModule.forRoot` once, and import what it returns";
  return new ConfigurationError('realm', problem, mend);
}
