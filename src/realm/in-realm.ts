import { Inject, type Provider, type Type } from '@nestjs/common';
import { HttpAdapterHost, ModuleRef, ModulesContainer, Reflector } from '@nestjs/core';
import { realmName } from './realm-name.js';
import { OWNER } from './owner.js';

/** A class of this library, abstract or not. */
type Class<T> = abstract new (...parts: never[]) => T;
type Dependency = NonNullable<Extract<Provider, { useFactory: unknown }>['inject']>[number];

/** What Nest itself injects is the same for all realms. */
const OF_NEST: ReadonlySet<unknown> = new Set([HttpAdapterHost, ModuleRef, ModulesContainer, Reflector]);
/** Where Nest keeps the classes that `@UseGuards` and its like name. */
const ENHANCERS = ['__guards__', '__interceptors__', '__exceptionFilters__', '__pipes__'];
const TYPES_OF_PARAMETERS = 'design:paramtypes';
const INJECTED_PARAMETERS = 'self:paramtypes';

const classes = new Map<string, WeakMap<Class<object>, Type<object>>>();

/**
 * A class of this library as the module with this `realm` has it, such as `inRealm('admin', AuthService)`: what Nest
 * injects by it, and the guard, filter or strategy to use. It is the same class each time. Throws ConfigurationError
 * for an invalid name.
 */
export function inRealm<T extends object>(realm: string, type: Class<T>): Type<T> {
  const ofRealm = classes.get(realm) ?? new WeakMap<Class<object>, Type<object>>();
  classes.set(realm, ofRealm);
  const known = ofRealm.get(type) ?? classIn(realmName(realm), type);
  ofRealm.set(type, known);
  return known as Type<T>;
}

/** The module class of a realm: its providers and exports are the same, under the tokens of the realm. */
export function moduleIn(realm: string, type: Type<object>): Type<object> {
  const made = inRealm(realm, type);
  translate('providers', type, made, (provider: Provider) => providerIn(realm, provider));
  translate('exports', type, made, (token) => tokenIn(realm, token));
  return made;
}

function classIn<T extends object>(realm: string, type: Class<T>): Type<object> {
  const made = class extends (type as unknown as Type<object>) {};
  Object.defineProperty(made, 'name', { value: `${type.name}(${realm})` });
  Reflect.defineMetadata(OWNER, realm, made);
  injectInto(made, type, realm);
  for (const key of ENHANCERS) translate(key, type, made, (one) => tokenIn(realm, one));
  return made;
}

/** Has Nest inject the services of the realm into the constructor, where no other token is named for a parameter. */
function injectInto(made: Type<object>, type: Class<object>, realm: string): void {
  const named = metadata<{ readonly index: number }>(INJECTED_PARAMETERS, type).map(({ index }) => index);
  for (const [index, parameter] of metadata<unknown>(TYPES_OF_PARAMETERS, type).entries()) {
    const token = tokenIn(realm, parameter);
    if (token !== parameter && !named.includes(index)) Inject(token as Type<object>)(made, undefined, index);
  }
}

function providerIn(realm: string, provider: Provider): Provider {
  if (typeof provider === 'function') return { provide: inRealm(realm, provider), useClass: inRealm(realm, provider) };
  const provide = tokenIn(realm, provider.provide);
  if ('useClass' in provider) return { ...provider, provide, useClass: inRealm(realm, provider.useClass) };
  if (!('useFactory' in provider)) return { ...provider, provide };
  return { ...provider, provide, inject: provider.inject?.map((one) => dependencyIn(realm, one)) ?? [] };
}

function dependencyIn(realm: string, dependency: Dependency): Dependency {
  if (typeof dependency !== 'object' || !('token' in dependency)) return tokenIn(realm, dependency);
  return { ...dependency, token: tokenIn(realm, dependency.token) };
}

/** Only classes are known outside of a module; a symbol or a text of one module is never seen by another. */
function tokenIn<T>(realm: string, token: T): T {
  if (typeof token !== 'function' || OF_NEST.has(token)) return token;
  return inRealm(realm, token as unknown as Type<object>) as T;
}

/** Gives one class a list of another, each entry as the realm has it; a class without the list gets none. */
function translate<T>(key: string, from: Class<object>, to: Type<object>, each: (entry: T) => unknown): void {
  const given = metadata<T>(key, from);
  if (given.length > 0) Reflect.defineMetadata(key, given.map(each), to);
}

function metadata<T>(key: string, type: Class<object>): T[] {
  return Reflect.getMetadata(key, type) ?? [];
}
