import type { Type } from '@nestjs/common';

/** A user as the app knows it; `id` becomes the `sub` of its tokens. Further fields reach `claims`. */
export interface AuthUser {
  id: string | number;
}

/** What the app answers about its users. The class you give as `users` implements it. */
export interface AuthUsers<U extends AuthUser = AuthUser> {
  /** Resolves to the user, or to null when the name or the password is wrong. */
  validateCredentials(username: string, password: string): Promise<U | null> | U | null;
  /** False refuses the user: at sign-in, at each renewal, and on each request with `checkUser: 'request'`. */
  isActive(userId: string): Promise<boolean> | boolean;
  /**
   * Optional: the user as of now, asked at renewal for `claims`. Without it a renewal carries the claims
   * of the sign-in.
   */
  findById?(userId: string): Promise<U | null> | U | null;
}

/** The options about who may sign in. */
export interface UserSettings {
  /**
   * The app's class that knows its users. Taken from the app if some module provides it, made otherwise.
   * Without it `POST /auth/login` is not mounted and the app calls `AuthService.login` itself.
   */
  users?: Type<AuthUsers>;
  /**
   * When `users.isActive` is asked, besides at sign-in: at each renewal, or on each request too.
   * @default 'renewal'
   */
  checkUser?: 'renewal' | 'request';
}

/** The names of these options. */
export const USER_OPTIONS: Record<keyof UserSettings, true> = {
  users: true,
  checkUser: true,
};
