import { inspect } from 'node:util';
import { ConfigurableModuleBuilder, type DynamicModule, type Type } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { ConfigurationError } from '../errors.js';
import { EventsController } from '../http/events.controller.js';
import { JwksController } from '../http/jwks.controller.js';
import { LoginController } from '../http/login.controller.js';
import { SessionsController } from '../http/sessions.controller.js';
import { TokensController } from '../http/tokens.controller.js';
import type { AuthModuleOptions } from '../options/auth-module-options.js';
import { inRealm, moduleIn } from '../realm/in-realm.js';
import type { TokenCheck } from '../revocation/token-check.js';
import type { SessionStore } from '../sessions/session-store.js';
import type { Form } from './forms.js';
import { ownChecks } from './own-checks.js';
import { ownStore } from './own-store.js';

const CONTROLLERS = {
  login: LoginController,
  tokens: TokensController,
  sessions: SessionsController,
  events: EventsController,
  jwks: JwksController,
};

/**
 * The groups of routes, in this order: `POST /auth/login`; `POST /auth/refresh` and `/auth/logout`; `/sessions`;
 * `GET /sessions/events`; `GET /.well-known/jwks.json`.
 */
export type ControllerName = keyof typeof CONTROLLERS;

/** Settings that Nest needs before it runs the options factory. Give them beside the factory, not inside it. */
export interface AuthModuleExtras {
  /**
   * Whether every module of the app can use the guard and the services without importing AuthModule.
   * @default true
   */
  isGlobal?: boolean;
  /**
   * Which routes are mounted: all of them, none, or the named groups.
   * @default all, except login when `forRoot` gets no `users`
   */
  controllers?: boolean | readonly ControllerName[];
  /**
   * A path prefix for every route of this module, such as `api`.
   * @default the name of the realm, or none
   */
  prefix?: string;
  /**
   * A name for this module, for an app that has several, such as customers and administrators: up to 24 lower-case
   * letters, digits and _. Routes, tables, cookies, tokens and what is injected are then apart from those of the others.
   */
  realm?: string;
  /**
   * Your own store in place of a database: an instance, such as `new MemorySessionStore()` in a test, a class, or
   * `{ inject, useFactory }`.
   */
  store?: Form<SessionStore>;
  /**
   * Your own checks by name, for `revocation.check` and `@RevocationCheck`: each is an instance, a class, or
   * `{ inject, useFactory }`.
   */
  checks?: Readonly<Record<string, Form<TokenCheck>>>;
}

/** The injection token of the extras, as the app gave them. */
export const AUTH_MODULE_EXTRAS = Symbol('AUTH_MODULE_EXTRAS');

const DEFAULTS = {
  isGlobal: true,
  controllers: true,
  prefix: undefined,
  realm: undefined,
  store: undefined,
  checks: undefined,
};

/** The base class of AuthModule and the injection token of its options, built by Nest. */
export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<AuthModuleOptions>({ moduleName: 'Auth' })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createAuthOptions')
    .setExtras<AuthModuleExtras>(DEFAULTS, applyExtras)
    .build();

/** The routes where `controllers` is left out: there is no sign-in by password without `users`. */
export function defaultControllers(users: unknown): true | readonly ControllerName[] {
  if (users) return true;
  return (Object.keys(CONTROLLERS) as ControllerName[]).filter((name) => name !== 'login');
}

/** The route groups that `controllers` asks for. Throws ConfigurationError for an unknown name. */
export function mountedControllers({
  controllers = DEFAULTS.controllers,
}: AuthModuleExtras): readonly ControllerName[] {
  const all = Object.keys(CONTROLLERS) as ControllerName[];
  if (typeof controllers === 'boolean') return controllers ? all : [];
  const unknown = Array.isArray(controllers) ? controllers.find((name) => !all.includes(name)) : controllers;
  if (unknown === undefined) return controllers;
  const mend = `Give true, false, or a list of some of ${all.map((name) => `'${name}'`).join(', ')}`;
  throw new ConfigurationError('controllers', `there is no group of routes ${inspect(unknown)}`, mend);
}

/** The path prefix of the routes: without one of its own, a realm has its name. */
export function pathOf({ prefix, realm }: AuthModuleExtras): string {
  return prefix ?? realm ?? '';
}

function applyExtras(definition: DynamicModule, extras: AuthModuleExtras): DynamicModule {
  const { isGlobal, realm, store, checks } = { ...DEFAULTS, ...extras };
  const module = realm === undefined ? definition.module : moduleIn(realm, definition.module);
  const path = pathOf(extras);
  return {
    ...definition,
    module,
    global: isGlobal,
    imports: [...(definition.imports ?? []), ...(path ? [RouterModule.register([{ path, module }])] : [])],
    controllers: mountedControllers(extras).map((name) => controllerIn(realm, CONTROLLERS[name])),
    providers: [
      ...(definition.providers ?? []),
      { provide: AUTH_MODULE_EXTRAS, useValue: extras },
      ownStore(store),
      ...ownChecks(checks),
    ],
  };
}

function controllerIn(realm: string | undefined, controller: Type<object>): Type<object> {
  return realm === undefined ? controller : inRealm(realm, controller);
}
