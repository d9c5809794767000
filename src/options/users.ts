import type { Type } from '@nestjs/common';
import type { UserId } from '../id-rules.js';
import type { BodyForm } from './login-body.js';

/** A user as the app knows them; `id` becomes the `sub` of their tokens. Further fields are passed to `claims`. */
export interface AuthUser {
  id: UserId;
}

/**
 * What the app tells the library about its users. The class you set as `users` implements it; with the option `loginBody`
 * it is `AuthUsers<User, LoginBody>`.
 */
export interface AuthUsers<U extends AuthUser = AuthUser, B extends object = never> {
  /**
   * Resolves to the user, or to null when the name or the password is wrong. With `loginBody` it is called with the whole
   * body, and with the request of Express or Fastify.
   */
  validateCredentials(
    ...given: [B] extends [never] ? [username: string, password: string] : [body: B, request: unknown]
  ): Promise<U | null> | U | null;
  /** False refuses the user: at sign-in, at each renewal, and on each request with `checkUser: 'request'`. */
  isActive(userId: string): Promise<boolean> | boolean;
  /**
   * Optional: the current state of the user, read at renewal for `claims`. Without it a renewal keeps the claims of the
   * sign-in.
   */
  findById?(userId: string): Promise<U | null> | U | null;
}

/** The options about who may sign in. */
export interface UserSettings {
  /**
   * The app's class that knows its users. Taken from the app if a module provides it, otherwise an instance is created.
   * Without it `POST /auth/login` is not mounted and the app calls `AuthService.login` itself.
   */
  users?: Type<AuthUsers> | Type<AuthUsers<AuthUser, object>>;
  /**
   * What `POST /auth/login` takes in place of a name and a password: a class with the decorators of class-validator, or a
   * schema of zod, valibot or arktype (Standard Schema). `users.validateCredentials` gets the whole body.
   * @default { username, password }
   */
  loginBody?: BodyForm;
  /**
   * When `users.isActive` is called, besides at sign-in: at each renewal, or on each request too.
   * @default 'renewal'
   */
  checkUser?: 'renewal' | 'request';
}

/** The names of these options. */
export const USER_OPTIONS: Record<keyof UserSettings, true> = {
  users: true,
  loginBody: true,
  checkUser: true,
};
