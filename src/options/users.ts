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
