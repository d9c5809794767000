import type { Type } from '@nestjs/common';
import type { UserId } from '../id-rules.js';

/** A user as the app knows them; `id` becomes the `sub` of their tokens. Further fields are passed to `claims`. */
export interface AuthUser {
  id: UserId;
}

/** What the app tells the library about its users. The class you set as `users` implements it. */
export interface AuthUsers<U extends AuthUser = AuthUser> {
  /** Resolves to the user, or to null when the name or the password is wrong. */
  validateCredentials(username: string, password: string): Promise<U | null> | U | null;
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
  users?: Type<AuthUsers>;
  /**
   * When `users.isActive` is called, besides at sign-in: at each renewal, or on each request too.
   * @default 'renewal'
   */
  checkUser?: 'renewal' | 'request';
}

/** The names of these options. */
export const USER_OPTIONS: Record<keyof UserSettings, true> = {
  users: true,
  checkUser: true,
};
