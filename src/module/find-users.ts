import type { Type } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import { ConfigurationError } from '../errors.js';
import type { AuthUsers } from '../options/users.js';

/**
 * The app's instance of its users class: the one a module of the app provides, else one made here. Undefined where
 * the app gave no class and mounts no login. Throws ConfigurationError.
 */
export async function findUsers(
  moduleRef: ModuleRef,
  users: Type<AuthUsers> | undefined,
  loginMounted: boolean,
): Promise<AuthUsers | undefined> {
  if (users) return checkMethods(users.name, provided(moduleRef, users) ?? (await made(moduleRef, users)));
  if (!loginMounted) return undefined;
  throw new ConfigurationError(
    'users',
    'it is missing, and `POST /auth/login` is mounted and has nobody to ask',
    "Give your users class, or mount the other routes alone: `controllers: ['tokens', 'sessions']`",
  );
}

function provided(moduleRef: ModuleRef, users: Type<AuthUsers>): AuthUsers | undefined {
  try {
    return moduleRef.get(users, { strict: false });
  } catch {
    return undefined;
  }
}

async function made(moduleRef: ModuleRef, users: Type<AuthUsers>): Promise<AuthUsers> {
  try {
    return await moduleRef.create(users);
  } catch (cause) {
    const problem = `no module provides ${users.name}, and it cannot be made without one`;
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
