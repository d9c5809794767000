import { Scope, type Type } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import { ConfigurationError } from '../errors.js';
import type { AuthUsers } from '../options/users.js';

/**
 * The instance of the app's users class: the one that a module of the app provides, otherwise one created here. Undefined
 * if the app gave no class and does not mount login. Throws ConfigurationError.
 */
export async function findUsers(
  moduleRef: ModuleRef,
  users: Type<AuthUsers> | undefined,
  loginMounted: boolean,
): Promise<AuthUsers | undefined> {
  if (users) return checkMethods(users.name, (await provided(moduleRef, users)) ?? (await made(moduleRef, users)));
  if (!loginMounted) return undefined;
  throw new ConfigurationError(
    'users',
    'it is missing, but `POST /auth/login` is mounted and needs it to check passwords',
    "Give your users class, or mount only the other routes: `controllers: ['tokens', 'sessions']`",
  );
}

async function provided(moduleRef: ModuleRef, users: Type<AuthUsers>): Promise<AuthUsers | undefined> {
  const scope = scopeOf(moduleRef, users);
  if (scope === Scope.REQUEST) throw requestScoped(users.name);
  // Each `resolve` makes another instance of a transient class; the library keeps the one of the boot.
  if (scope === Scope.TRANSIENT) return moduleRef.resolve(users, undefined, { strict: false });
  return scope === undefined ? undefined : moduleRef.get(users, { strict: false });
}

/** Undefined if no module provides it. */
function scopeOf(moduleRef: ModuleRef, users: Type<AuthUsers>): Scope | undefined {
  try {
    return moduleRef.introspect(users).scope;
  } catch {
    return undefined;
  }
}

function requestScoped(name: string): ConfigurationError {
  return new ConfigurationError(
    'users',
    `${name} is request-scoped, or something that it injects is, and users are also looked up outside of a request`,
    `Make ${name} and what it injects ordinary providers, and find what belongs to a request with AsyncLocalStorage`,
  );
}

async function made(moduleRef: ModuleRef, users: Type<AuthUsers>): Promise<AuthUsers> {
  try {
    return await moduleRef.create(users);
  } catch (cause) {
    const problem = `no module provides ${users.name}, and Nest could not create it`;
    throw Object.assign(new ConfigurationError('users', problem, `Add ${users.name} to the providers of a module`), {
      cause,
    });
  }
}

function checkMethods(name: string, users: AuthUsers): AuthUsers {
  for (const method of ['validateCredentials', 'isActive'] as const) {
    if (typeof users[method] === 'function') continue;
    throw new ConfigurationError('users', `${name} has no method \`${method}\``, 'Implement the interface AuthUsers');
  }
  return users;
}
